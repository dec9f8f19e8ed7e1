#include "workers/check_external_scripts/definitions.h"

#include "workers/check_external_scripts/default_aliases.h"
#include "workers/scripts/test_folder_posix.h"

namespace nscp::check_external_scripts {
namespace {

struct Read {
  explicit Read(std::vector<sdk::Settings::Entry> entries) {
    all = ReadDefinitions(sdk::Settings(std::move(entries)),
                          [this](sdk::LogLevel, std::string_view text) {
                            log += std::string(text) + "\n";
                          });
  }
  std::string Line(const std::string& name) const {
    const auto found = all.scripts.find(name);
    return found == all.scripts.end() ? "none" : found->second.line;
  }
  std::string log;
  Definitions all;
};

constexpr char kAlias[] = "/settings/external scripts/alias";

TEST_CASE("scripts come as lines and as sections, which inherit") {
  const Read read(
      {{kScriptsSection, "Check_One", "one $ARG1$"},
       {"/settings/external scripts/scripts/two", "command", "two"},
       {"/settings/external scripts/scripts/two", "ignore perfdata", "true"},
       {"/settings/external scripts/scripts/default", "capture output", "false"},
       {"/settings/external scripts/scripts/base", "is template", "true"},
       {"/settings/external scripts/scripts/base", "command", "base"},
       {"/settings/external scripts/scripts/three", "parent", "base"},
       {"/settings/external scripts/scripts/three", "alias", "third"}});
  CHECK(read.Line("check_one") == "one $ARG1$");
  CHECK(read.Line("two") == "two");
  CHECK(read.all.scripts.at("two").ignore_perf);
  CHECK_FALSE(read.all.scripts.at("two").capture);
  CHECK(read.Line("third") == "base");
  CHECK(read.Line("base") == "none");
  CHECK(read.log.empty());
}

TEST_CASE("the rules have bounds") {
  const Read defaults({});
  CHECK(defaults.all.rules.timeout.count() == 60);
  CHECK_FALSE(defaults.all.rules.arguments.allowed);
  const Read read({{kSection, "timeout", "5000"},
                   {kSection, "allow arguments", "true"},
                   {kSection, "script root", "/srv/agent/scripts"}});
  CHECK(read.all.rules.timeout.count() == 600);
  CHECK(read.all.rules.arguments.allowed);
  CHECK(read.all.rules.folder == "/srv/agent");
  CHECK(read.log ==
        "/settings/external scripts: timeout = 5000 is not between 1 and 600 seconds; it "
        "is 600\n");
}

TEST_CASE("the files of a folder are commands, and what is written out counts for more") {
  const scripts::TestFolder folder;
  folder.Write("a.sh", "");
  folder.Write("with blank.sh", "");
  folder.Write("b.py", "");
  folder.Write("sub/c.sh", "");
  const Read all(
      {{kSection, "script path", folder.path}, {kScriptsSection, "b.py", "other"}});
  CHECK(all.all.scripts.size() == 3);
  CHECK(all.Line("a.sh") == folder.path + "/a.sh");
  CHECK(all.all.scripts.at("with blank.sh").words.at(0) ==
        folder.path + "/with blank.sh");
  CHECK(all.Line("b.py") == "other");
  const Read some({{kSection, "script path", folder.path + "/a*.sh"},
                   {kSection, "allow arguments", "true"}});
  CHECK(some.all.scripts.size() == 1);
  CHECK(some.Line("a.sh") == folder.path + "/a.sh %ARGS%");
  const Read none({{kSection, "script path", folder.path + "/nosuch/"}});
  CHECK(none.all.scripts.empty());
  CHECK(none.log.find("nosuch") != std::string::npos);
}

TEST_CASE("wrapped scripts get their program, or say that there is none") {
  const Read read(
      {{"/settings/external scripts/wrappings", "sh", "/bin/sh %SCRIPT% %ARGS%"},
       {kWrappedSection, "w1", "a.sh -w $ARG1$"},
       {kWrappedSection, "w2", "b.unknown"}});
  CHECK(read.Line("w1") == "/bin/sh a.sh -w $ARG1$");
  CHECK(read.all.scripts.at("w2").fault == "Failed to find wrapping for type: unknown");
  CHECK(read.log == "Failed to find wrapping for type: unknown\n");
}

TEST_CASE("a host without aliases has the usual ones") {
  const Read defaults({});
  CHECK(defaults.log.empty());
  CHECK(defaults.all.aliases.all().size() == DefaultAliases().size());
  CHECK(defaults.all.aliases.Find("alias_cpu_ex")->arguments.at(0) ==
        "warn=load > $ARG1$");
  const Read own({{kAlias, "mine", "check_ok"},
                  {"/settings/external scripts/alias/long", "command", "check_cpu"},
                  {kScriptsSection, "taken", "x"},
                  {kAlias, "taken", "check_ok"}});
  CHECK(own.all.aliases.all().size() == 2);
  CHECK(own.all.aliases.Find("long")->command == "check_cpu");
  CHECK(own.log == "Refusing alias 'taken' - a command of this module has that name\n");
}

TEST_CASE("names tell what they stand for") {
  const Read read(
      {{kScriptsSection, "one", "scripts/one.sh $ARG1$"}, {kAlias, "al", "check_ok"}});
  const auto names = read.all.Names();
  REQUIRE(names.size() == 2);
  CHECK(names[0].description == "Alias for: check_ok");
  CHECK(names[1].name == "one");
  CHECK(names[1].description == "External script: scripts/one.sh $ARG1$");
}

}  // namespace
}  // namespace nscp::check_external_scripts
