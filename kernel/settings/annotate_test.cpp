#include "kernel/settings/annotate.h"

#include <doctest/doctest.h>

#include "kernel/settings/settings_testing.h"

namespace nscp::kernel {
namespace {

using namespace settings_testing;

// One titled key with a default, one advanced one, one secret.
class Titled final : public Descriptions {
 public:
  std::optional<v1::SettingsKey> FindKey(std::string_view path,
                                         std::string_view key) const override {
    if (FoldPath(path) != "/web") return std::nullopt;
    v1::SettingsKey known;
    known.set_key(std::string(key));
    if (EqualsIgnoreCase(key, "port")) {
      known.set_title("PORT");
      known.set_description("Where to listen.");
      known.set_default_value("8443");
    } else if (EqualsIgnoreCase(key, "threads")) {
      known.set_description("How many.");
      known.set_default_value("10");
      known.set_advanced(true);
    } else {
      return std::nullopt;
    }
    return known;
  }
  bool KnowsPath(std::string_view path) const override {
    return IsUnder(FoldPath(path), "/web");
  }
  std::vector<v1::SettingDescription> All() const override {
    std::vector<v1::SettingDescription> all(1);
    all[0].set_path("/web");
    all[0].mutable_description()->set_title("WEB SERVER");
    for (const char* key : {"port", "threads"}) {
      all.emplace_back();
      all.back().set_path("/web");
      all.back().set_key(key);
      all.back().add_modules("Web");
      *all.back().mutable_description() = *FindKey("/web", key);
    }
    all.emplace_back();
    all.back().set_path("/web/users");
    all.back().set_object(true);
    all.back().add_modules("Web");
    return all;
  }
  std::vector<v1::SettingsKey> ObjectKeys(std::string_view path) const override {
    std::vector<v1::SettingsKey> keys(FoldPath(path) == "/web/users" ? 2 : 0);
    if (keys.empty()) return keys;
    keys[0].set_key("role");
    keys[0].set_default_value("client");
    keys[1].set_key("password");
    keys[1].set_default_value("hidden");
    keys[1].set_hashed(true);
    return keys;
  }
};

std::string Annotated(const std::string& text, const AnnotateOptions& options) {
  IniFile file = IniFile::Parse(text);
  Annotate(Titled(), options, &file);
  return file.Serialize();
}

TEST_CASE("described keys get their comment once") {
  const std::string once = Annotated("[/Web]\nport = 1\nodd = 2\n", {});
  CHECK(once == "; WEB SERVER\n[/Web]\n\n; PORT - Where to listen.\nport = 1\nodd = 2\n");
  CHECK(Annotated(once, {}) == once);
}

TEST_CASE(
    "defaults are added for plain keys, and taken out again with their empty section") {
  AnnotateOptions add, remove;
  add.add_defaults = true;
  remove.remove_defaults = true;
  CHECK(IniFile::Parse(Annotated("", add)).Get("/web", "port") ==
        std::optional<std::string>("8443"));
  CHECK_FALSE(IniFile::Parse(Annotated("", add)).Get("/web", "threads"));
  CHECK(Annotated("[/web]\nport = 8443\nThreads = 10\n\n[/b]\nk = v\n", remove) ==
        "; Undocumented section\n[/b]\nk = v\n");
  CHECK(Annotated("[/web]\nport = 8443\nthreads = 11\n", remove).find("threads = 11") !=
        std::string::npos);
}

TEST_CASE("what nobody described is said to be so, once") {
  const std::string once = Annotated("[/odd]\nk = v\n; my own\n[/odd/too]\n", {});
  CHECK(once == "; Undocumented section\n[/odd]\nk = v\n; my own\n[/odd/too]\n");
  CHECK(Annotated(once, {}) == once);
  CHECK(CommentSource(Titled()).For("/odd", "k").section == "in flight - TODO");
  CHECK(CommentSource(Titled()).For("/web/users/me", "k").section.empty());
}

TEST_CASE("defaults are those of the owners that are meant, and go with their comments") {
  AnnotateOptions others, own, remove;
  others.add_defaults = own.add_defaults = true;
  others.owners = {"Other"};
  own.owners = {"Other", "web"};
  remove.remove_defaults = true;
  CHECK(Annotated("", others).empty());
  const std::string added = Annotated("", own);
  CHECK(added == "; WEB SERVER\n[/web]\n\n; PORT - Where to listen.\nport = 8443\n");
  CHECK(Annotated(added, remove).empty());
}

TEST_CASE("a sample is a template with every key of the object, and no secret") {
  AnnotateOptions samples;
  samples.use_samples = true;
  const std::string text = Annotated("", samples);
  CHECK(text.find("[/web/users/sample]\n\nis template = true\n\nrole = client\n\n"
                  "password =\n") != std::string::npos);
  CHECK(Annotated(text, samples) == text);
}

TEST_CASE("a file that is printed has its secrets as comments") {
  const std::string text =
      GenerateFile({{"/web", {{"PassWord", "geheim"}, {"port", "1"}}}}, Titled(), {})
          .Serialize();
  CHECK(text.find("geheim") == std::string::npos);
  CHECK(text.find("; PassWord = ***") != std::string::npos);
  CHECK(text.find("\nport = 1") != std::string::npos);
}

TEST_CASE(
    "a save of everything writes comments and pending changes, and a sample goes "
    "nowhere") {
  const TempFolder temp;
  const Titled titled;
  const std::string file = temp.Write("x.ini", "[/web]\nport = 1\n");
  auto settings = Settings::Open({file, PathTokens("/x", {}), {}, {}, {}}, titled);
  REQUIRE(settings.ok());
  REQUIRE(Set(**settings, "/web", "port", "2").ok());
  const std::string text = (*settings)->Generate({});
  CHECK(text.find("; PORT - Where to listen.") != std::string::npos);
  CHECK(text.find("port = 2") != std::string::npos);
  CHECK(temp.Read("x.ini") == "[/web]\nport = 1\n");
  REQUIRE((*settings)->SaveAll({}).ok());
  CHECK(temp.Read("x.ini") ==
        "; WEB SERVER\n[/web]\n\n; PORT - Where to listen.\nport = 2\n");
  CHECK_FALSE((*settings)->GetStatus().has_changed());
}

}  // namespace
}  // namespace nscp::kernel
