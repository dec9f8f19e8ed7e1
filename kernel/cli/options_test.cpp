#include "kernel/cli/options.h"

#include <doctest/doctest.h>

#include "kernel/cli/client_request.h"
#include "kernel/cli/common_options.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

const OptionGroup kGroup = {"Test options",
                            {{"flag", 'f', Takes::kNothing, "", "A flag"},
                             {"value", 'v', Takes::kValue, "x", "A value"},
                             {"maybe", 0, Takes::kMaybe, "x", "Perhaps a value"},
                             {"several", 0, Takes::kSeveral, "x", "Several values"}}};

// "name=value" for options, "value" for other words, joined by blanks.
std::string Show(const std::vector<std::string>& words, OptionGroup group = kGroup) {
  const std::vector<OptionGroup> groups = {std::move(group)};
  const auto given = ParseOptions(groups, words);
  if (!given.ok()) return "error: " + given.status().message();
  std::vector<std::string> shown;
  for (const GivenOption& item : given->items()) {
    shown.push_back(item.name.empty() ? item.value
                                      : std::string(item.name) + "=" + item.value);
  }
  return Join(shown, " ");
}

TEST_CASE("options are read in each of their forms") {
  const struct {
    std::vector<std::string> words;
    std::string shown;
  } kRows[] = {
      {{}, ""},
      {{"--value", "a"}, "value=a"},
      {{"--value=a"}, "value=a"},
      {{"--value=a=b"}, "value=a=b"},
      {{"--value="}, "value="},
      {{"-v", "a"}, "value=a"},
      {{"--value", "-5"}, "value=-5"},
      {{"--value", "--other"}, "value=--other"},
      {{"--value", "no-equals-sign", "--flag"}, "value=no-equals-sign flag="},
      {{"--flag", "a"}, "flag= a"},
      {{"-f"}, "flag="},
      {{"--maybe", "a"}, "maybe=a"},
      {{"--maybe", "--flag"}, "maybe= flag="},
      {{"--maybe"}, "maybe="},
      {{"--several", "a", "b", "--flag", "c"}, "several=a several=b flag= c"},
      {{"--fla"}, "--fla"},
      {{"-vx"}, "-vx"},
      {{"--other=1", "word", "-x", "--flag"}, "--other=1 word -x flag="},
      {{"--", "--flag", "-v"}, "--flag -v"},
      {{"warning=used>99%", "drive=/"}, "warning=used>99% drive=/"},
  };
  for (const auto& row : kRows) {
    CAPTURE(Join(row.words, " "));
    CHECK(Show(row.words) == row.shown);
  }
}

TEST_CASE("an option without its value, or with one too many, is refused") {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"--value"}, {"--value", "--flag"}}) {
    CHECK(Show(words) == "error: the required argument for option '--value' is missing");
  }
  CHECK(Show({"--flag=1"}) == "error: option '--flag' does not take any arguments");
}

TEST_CASE("options of an alias end where the module's sub-command begins") {
  OptionGroup leading = kGroup;
  leading.leading_only = true;
  CHECK(Show({"-f", "install", "-f", "--value", "x"}, leading) ==
        "flag= install -f --value x");
}

TEST_CASE("the help has one line for each option, with what it takes") {
  const std::string help = OptionHelp(kGroup);
  for (const char* text : {"Test options:\n", "  -f [ --flag ]", "  -v [ --value ] x",
                           "--maybe [x]", "--several x ...", "Perhaps a value\n"}) {
    CAPTURE(text);
    CHECK(help.find(text) != std::string::npos);
  }
}

TEST_CASE("arguments of a client command keep their order") {
  const std::vector<OptionGroup> groups = {ClientOptions()};
  const auto given =
      ParseOptions(groups, {"--module", "M", "-q", "check_x", "drive=/", "-a", "top=1",
                            "--raw-argument", "a=b", "-a", "show", "--unknown", "x"});
  REQUIRE(given.ok());
  const ClientRequest request = ReadClientRequest(*given, "");
  CHECK(request.module == "M");
  CHECK(request.query == "check_x");
  CHECK(Join(request.arguments, " ") == "drive=/ --top 1 a b --show --unknown x");
  CHECK_FALSE(request.boot);
}

TEST_CASE("a command of an alias belongs to its module with all that follows") {
  const std::vector<OptionGroup> groups = {LightOptions(), AliasOptions()};
  const auto given = ParseOptions(groups, {"--settings", "x.ini", "password", "-s", "p",
                                           "--query", "--log", "debug"});
  REQUIRE(given.ok());
  const ClientRequest request = ReadClientRequest(*given, "WEBServer");
  CHECK(request.module == "WEBServer");
  CHECK_FALSE(request.query.has_value());
  CHECK(request.exec.empty());
  CHECK(Join(request.arguments, " ") == "password -s p --query");
  CHECK(given->Last("settings") == "x.ini");
  CHECK(given->Last("log") == "debug");
}

}  // namespace
}  // namespace nscp::kernel
