#include "kernel/settings/problems.h"

#include <doctest/doctest.h>

#include "kernel/settings/settings_testing.h"

namespace nscp::kernel {
namespace {

using namespace settings_testing;

// settings_testing.h's, and a switch and a number.
class MoreKnown final : public Descriptions {
 public:
  std::optional<v1::SettingsKey> FindKey(std::string_view path,
                                         std::string_view key) const override {
    for (const auto& item : All()) {
      if (FoldPath(item.path()) == FoldPath(path) && EqualsIgnoreCase(item.key(), key) &&
          !item.key().empty()) {
        return item.description();
      }
    }
    return std::nullopt;
  }
  bool KnowsPath(std::string_view path) const override {
    return FoldPath(path) == "/modules" || kKnown.KnowsPath(path);
  }
  std::vector<v1::SettingDescription> All() const override {
    auto all = kKnown.All();
    const auto add = [&](const char* path, const char* key, v1::SettingType type) {
      v1::SettingDescription item;
      item.set_path(path);
      item.set_key(key);
      item.mutable_description()->set_type(type);
      all.push_back(item);
    };
    add("/web", "secure", v1::BOOL);
    add("/web", "port", v1::INT);
    add("/modules", "CheckSystem", v1::BOOL);
    return all;
  }
};

std::string Problems(const std::string& text) {
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", text));
  std::string all;
  for (const SettingsProblem& problem : FindProblems(*settings, MoreKnown())) {
    all += ReplaceAll(ProblemText(problem), temp.path() + "/", "") + "\n";
  }
  return all;
}

TEST_CASE("each problem is told with its place, what was expected and the nearest name") {
  CHECK(Problems("[/modules]\nCheckSystm = enabled\nGone = disabled\nc = CheckSystem\n"
                 "[/Wbe]\nx = 1\n[/web]\nhost = a\nSECURE = maybe\nport = 80x\nnoise\n"
                 "quite different = 1\n[/web/users/x]\nanything = 1\n") ==
        "x.ini:11: a line without \"=\"; the line is ignored\n"
        "x.ini:2: [/modules] \"CheckSystm\": there is no module \"CheckSystm\"; the "
        "nearest "
        "known is \"CheckSystem\"\n"
        "x.ini:5: [/Wbe] no module knows this path; the nearest known is \"/web\"\n"
        "x.ini:8: [/web] \"host\": no module knows this key; the nearest known is "
        "\"hosts\"\n"
        "x.ini:9: [/web] \"SECURE\": the value is no boolean; expected true or false\n"
        "x.ini:10: [/web] \"port\": the value is no number; expected a whole number\n"
        "x.ini:12: [/web] \"quite different\": no module knows this key\n");
}

TEST_CASE("what the kernel is itself is no missing module") {
  CHECK(Problems("[/modules]\nCommandClient = enabled\n") == "");
}

TEST_CASE("what is right is silent") {
  CHECK(
      Problems("; c\n[/modules]\nCheckSystem = enabled\n[/WEB]\nHosts = x\nsecure = Yes\n"
               "port = 80\ntoken =\n") == "");
}

TEST_CASE("the problems are bounded, and so is the search for a name") {
  std::string text = "[/web]\n";
  for (size_t i = 0; i < 3 * kMaxProblems; ++i)
    text += "k" + std::to_string(i) + " = v\n";
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", text));
  CHECK(FindProblems(*settings, MoreKnown()).size() == kMaxProblems);
  CHECK(NearestName(std::string(100000, 'a'), {"a"}).empty());
  CHECK(NearestName("prot", {"part of", "port"}) == "port");
  CHECK(NearestName("aaaa", {std::string(100000, 'a'), "aaab"}) == "aaab");
}

}  // namespace
}  // namespace nscp::kernel
