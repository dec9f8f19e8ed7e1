#include <string>

#include "workers/check_helpers/started.h"

namespace nscp::check_helpers {
namespace {

TEST_CASE("an alias runs its command line with the caller's arguments in place") {
  Started helpers({{"/settings/check helpers/alias", "Alias_CPU",
                    "Check_CPU warn=load>$ARG1$ \"crit=load > %ARG2%\" $ARG3$"}});
  REQUIRE(helpers.host.names.size() == 1);
  CHECK(helpers.host.names[0].name == "alias_cpu");
  CHECK(helpers.host.names[0].description == "Alias for: check_cpu");
  CHECK(helpers.host.names[0].target == "check_cpu");
  helpers.call.answers["check_cpu"] = MakeResult(State::kWarning, "busy", "'a'=1");
  const auto result = helpers.Ask("alias_cpu", {"80", "$ARG1$"});
  CHECK(helpers.call.asked.at(0).query.arguments ==
        Words{"warn=load>80", "crit=load > $ARG1$", "$ARG3$"});
  CHECK(result.command == "check_cpu");
  CHECK(sdk::FormatPlain(result) == "busy|'a'=1");
  helpers.Ask("alias_cpu", {"1", "2", "3", "surplus"});
  CHECK(helpers.call.asked.at(1).query.arguments ==
        Words{"warn=load>1", "crit=load > 2", "3"});
}

TEST_CASE("aliases that cannot work are refused with the reason") {
  const std::string path = "/settings/check helpers/alias";
  Started helpers({{path, "bad", R"(check_ok message=C:\temp)"},
                   {path, "empty", ""},
                   {path, "check_ok", "check_warning"},
                   {path, "good", "check_ok"}});
  REQUIRE(helpers.host.names.size() == 1);
  REQUIRE(helpers.host.log.size() == 3);
  CHECK(helpers.host.log[0].second ==
        "Refusing alias 'bad' - command line did not parse cleanly: unknown escape "
        R"(sequence (input: check_ok message=C:\temp))");
  CHECK(helpers.Ask("bad").lines[0].message == "No alias found matching: bad");
}

TEST_CASE("an alias may be a section, with what its parents lend it") {
  const std::string path = "/settings/check helpers/alias";
  Started helpers({{path + "/long", "command", "check_warning message=long"},
                   {path + "/base", "is template", "true"},
                   {path + "/base", "command", "check_critical message=base"},
                   {path + "/child", "parent", "base"},
                   {path + "/other", "parent", "base"},
                   {path + "/other", "alias", "renamed"},
                   {path, "short", "check_ok"}});
  std::string names;
  for (const auto& name : helpers.host.names) names += name.name + " ";
  CHECK(names == "child long renamed short ");
  helpers.Ask("child");
  helpers.Ask("long");
  CHECK(helpers.call.asked.at(0).query.arguments == Words{"message=base"});
  CHECK(helpers.call.asked.at(1).query.command == "check_warning");
  CHECK(helpers.host.log.empty());
}

TEST_CASE("a reload replaces the aliases") {
  Started helpers({{"/settings/check helpers/alias", "a", "check_ok"}});
  REQUIRE(
      helpers.module
          ->Reload(sdk::Settings({{"/settings/check helpers/alias", "b", "check_ok"}}))
          .ok());
  CHECK(helpers.host.names.at(0).name == "b");
  CHECK(helpers.Ask("b").state == State::kOk);
  CHECK(helpers.Ask("a").state == State::kUnknown);
}

TEST_CASE("an alias cannot be made to grow without bound") {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "$ARG1$";
  Started helpers({{"/settings/check helpers/alias", "x", "check_ok message=" + many}});
  CHECK(helpers.Ask("x", {"ab"}).state == State::kOk);
  CHECK(helpers.Ask("x", {std::string(2000, 'x')}).lines[0].message ==
        "Failed to execute: x (an argument grows beyond 1048576 bytes)");
}

}  // namespace
}  // namespace nscp::check_helpers
