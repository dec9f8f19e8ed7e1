#include "kernel/settings/paths.h"

#include <doctest/doctest.h>

#include "kernel/settings/boot.h"
#include "kernel/settings/context.h"
#include "kernel/settings/modules_section.h"
#include "kernel/settings/settings.h"
#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

using testing::TempFolder;

PathTokens Tokens(PathTokens::Table overrides = {}) {
  return PathTokens("/opt/agent/bin", std::move(overrides));
}

TEST_CASE("the command line wins over boot.ini, which wins over the built-in table") {
  PathTokens tokens = Tokens({{"data-path", "/override"}});
  tokens.SetBootPaths({{"data-path", "/boot"}, {"temp", "/boot-temp"}});
  CHECK(tokens.Expand("${data-path}/x") == "/override/x");
  CHECK(tokens.Expand("${temp}") == "/boot-temp");
  CHECK(tokens.Expand("${exe-path}") == "/opt/agent/bin");
  CHECK(tokens.IsOverridden("data-path"));
  CHECK_FALSE(tokens.IsOverridden("temp"));
}

TEST_CASE("tokens are nested, unknown ones are the program's folder, open ones stay") {
  PathTokens tokens = Tokens({{"a", "${b}/a"}, {"b", "${c}${c}"}, {"c", "x"}});
  CHECK(tokens.Expand("<${a}>") == "<xx/a>");
  CHECK(tokens.Expand("${nobody-knows}/y") == "/opt/agent/bin/y");
  CHECK(tokens.Expand("${open") == "${open");
  CHECK(tokens.Expand("no token $ {x}") == "no token $ {x}");
}

TEST_CASE("a token that names itself is an error, and a bomb of tokens is bounded") {
  PathTokens loop = Tokens({{"a", "${b}"}, {"b", "${a}"}});
  CHECK(loop.Resolve("${a}").status().code() == Code::kInvalidArgument);
  CHECK(loop.Expand("${a}").empty());
  PathTokens::Table bomb;
  for (int i = 0; i < 30; ++i) {
    const std::string next = "${t" + std::to_string(i + 1) + "}";
    bomb["t" + std::to_string(i)] = next + next;
  }
  bomb["t30"] = "0123456789";
  CHECK_FALSE(Tokens(bomb).Resolve("${t0}").ok());
  bomb["t30"] = "";
  CHECK_FALSE(Tokens(bomb).Resolve("${t0}").ok());
}

TEST_CASE("modules are looked for in module-path, then beside the program") {
  const TempFolder temp;
  PathTokens tokens(temp.path(), {{"module-path", temp.File("own")}});
  std::string note;
  CHECK(tokens.ModuleFolder(&note).status().message() ==
        "Failed to find modules folder: " + temp.File("own"));
  temp.Write("modules/x", "");
  CHECK(tokens.ModuleFolder(&note).value_or("") == temp.File("modules"));
  CHECK_FALSE(note.empty());
  temp.Write("own/x", "");
  CHECK(tokens.ModuleFolder(nullptr).value_or("") == temp.File("own"));
}

TEST_CASE("a path override needs a name and an equals sign") {
  CHECK(ParsePathOverride("scripts=/x=y")->second == "/x=y");
  for (const char* bad : {"no-equals-sign", "=x", " =x", ""}) {
    CAPTURE(bad);
    CHECK(ParsePathOverride(bad).status().message().find(
              "Ignoring malformed --path-override argument") == 0);
  }
}

TEST_CASE("boot.ini names the stores in order, and the first that exists is taken") {
  const TempFolder temp;
  temp.Write("boot.ini", "[settings]\n2 = " + temp.File("b.ini") +
                             "\n1 = " + temp.File("a.ini") + "\n[paths]\nscripts = /s\n");
  PathTokens tokens(temp.path(), {{"boot-conf", temp.File("boot.ini")}});
  const auto boot = ReadBootConfig(tokens);
  REQUIRE(boot.ok());
  REQUIRE(boot->contexts.size() == 2);
  CHECK(boot->contexts[0] == temp.File("a.ini"));
  CHECK(boot->paths.at("scripts") == "/s");
  CHECK(StoresToTry(*boot, "", tokens) == std::vector<std::string>{"ini"});
  temp.Write("b.ini", "");
  CHECK(StoresToTry(*boot, "", tokens) == std::vector<std::string>{temp.File("b.ini")});
  CHECK(StoresToTry(*boot, "missing.ini", tokens) ==
        std::vector<std::string>{"missing.ini"});
}

TEST_CASE("a new primary store comes first in boot.ini and the others move down") {
  const TempFolder temp;
  PathTokens tokens(temp.path(), {{"boot-conf", temp.File("boot.ini")}});
  REQUIRE(SetPrimaryContext(tokens, "ini://a").ok());
  REQUIRE(SetPrimaryContext(tokens, "ini://b").ok());
  REQUIRE(SetPrimaryContext(tokens, "ini://a").ok());
  CHECK(ReadBootConfig(tokens)->contexts ==
        std::vector<std::string>{"ini://a", "ini://b"});
  CHECK(temp.Read("boot.ini").find("1 = ini://a") != std::string::npos);
}

TEST_CASE("two spellings of one store are one store") {
  const TempFolder temp;
  temp.Write("a.ini", "");
  PathTokens tokens(temp.path(), {{"here", temp.path()}});
  const std::string canonical = CanonicalStore(temp.File("a.ini"), tokens);
  CHECK(CanonicalStore("ini://" + temp.path() + "/../" +
                           temp.path().substr(temp.path().rfind('/') + 1) + "/a.ini",
                       tokens) == canonical);
  CHECK(CanonicalStore("ini://${here}/a.ini", tokens) == canonical);
  CHECK(CanonicalStore(temp.File("b.ini"), tokens) != canonical);
}

TEST_CASE(
    "the modules section is read in order, with aliases and the reversed spelling") {
  struct Case {
    const char *key, *value, *module, *alias;
    bool enabled;
  };
  const Case cases[] = {
      {"CheckSystem", "enabled", "CheckSystem", "", true},
      {"CheckSystem", "1", "CheckSystem", "", true},
      {"CheckSystem", "true", "CheckSystem", "", true},
      {"CheckSystem.dll", "enabled", "CheckSystem", "", true},
      {"CheckSystem", "disabled", "CheckSystem", "", false},
      {"CheckSystem", "0", "CheckSystem", "", false},
      {"CheckSystem", "false", "CheckSystem", "", false},
      {"CheckSystem", "", "CheckSystem", "", false},
      {"second", "NRPEServer", "NRPEServer", "second", true},
      {"second", "NRPEServer.DLL", "NRPEServer", "second", true},
      {"enabled", "CheckDisk", "CheckDisk", "", true},
      {"1", "CheckDisk", "CheckDisk", "", true},
      {"disabled", "CheckDisk", "CheckDisk", "", false},
      {"CheckSystem", "Enabled", "Enabled", "CheckSystem", true},
  };
  for (const Case& c : cases) {
    CAPTURE(c.key);
    CAPTURE(c.value);
    const auto read = ParseModulesSection({{c.key, c.value}});
    REQUIRE(read.size() == 1);
    CHECK(read[0].module == c.module);
    CHECK(read[0].alias == c.alias);
    CHECK(read[0].enabled == c.enabled);
  }
  const auto order = ParseModulesSection(
      {{"B", "enabled"}, {"a", "Mod"}, {"A", "enabled"}, {"b", "disabled"}});
  REQUIRE(order.size() == 2);
  CHECK(order[0].id() == "b");
  CHECK_FALSE(order[0].enabled);
  CHECK(order[1].id() == "A");
}

TEST_CASE("durations and booleans are read as users write them") {
  CHECK(ParseDurationMs("5m") == std::optional<int64_t>(300000));
  CHECK(ParseDurationMs(" 10s ") == std::optional<int64_t>(10000));
  CHECK(ParseDurationMs("250ms") == std::optional<int64_t>(250));
  CHECK(ParseDurationMs("30") == std::optional<int64_t>(30000));
  for (const char* bad :
       {"", "x", "5 parsecs", "-1s", "99999999999999999999s", "9223372036854775807d"}) {
    CAPTURE(bad);
    CHECK_FALSE(ParseDurationMs(bad));
  }
  CHECK(SettingIsTrue("Yes"));
  CHECK_FALSE(SettingIsTrue("on"));
  CHECK_FALSE(SettingIsTrue(""));
}

}  // namespace
}  // namespace nscp::kernel
