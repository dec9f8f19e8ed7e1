#include "workers/check_helpers/check_helpers.h"

#include <doctest/doctest.h>

#include "workers/check_helpers/aliases.h"
#include "workers/check_helpers/wrappers.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_helpers {
namespace {

using checks::FakeCall;
using checks::FakeHost;
using checks::MakeResult;
using sdk::State;
using Words = std::vector<std::string>;

struct Started {
  explicit Started(std::vector<sdk::Settings::Entry> settings = {}) {
    sdk::StartContext context;
    context.host = &host;
    context.version = "1.2.3 2026-11-21";
    context.settings = sdk::Settings(std::move(settings));
    REQUIRE(module->Start(context).ok());
    call.answers["check_ok"] = MakeResult(State::kOk, "No message");
    call.answers["check_warning"] = MakeResult(State::kWarning, "foo", "'a'=1;2;3");
    call.answers["check_critical"] = MakeResult(State::kCritical, "bad");
  }
  sdk::CheckResult Ask(std::string command, Words arguments = {}) {
    return module->OnQuery({std::move(command), std::move(arguments)}, call);
  }

  FakeHost host;
  FakeCall call;
  std::unique_ptr<sdk::Module> module = MakeCheckHelpers();
};

TEST_CASE("commands answer as their table says") {
  const struct {
    const char* command;
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {"check_ok", {}, State::kOk, "No message"},
      {"check_ok", {"message=hi"}, State::kOk, "hi"},
      {"checkok", {"message=hi"}, State::kOk, "hi"},
      {"check_ok", {"--message", "hi", "more"}, State::kOk, "hi"},
      {"check_warning", {"message=a = b"}, State::kWarning, "a = b"},
      {"check_critical", {"--message=x"}, State::kCritical, "x"},
      {"checkcritical", {}, State::kCritical, "No message"},
      {"check_version", {}, State::kOk, "1.2.3 2026-11-21"},
      {"check_always_ok", {"check_critical", "x"}, State::kOk, "bad"},
      {"check_always_ok", {"nosuch"}, State::kOk, "Unknown command(s): nosuch"},
      {"checkalwayswarning", {"check_ok"}, State::kWarning, "No message"},
      {"check_always_critical", {"check_ok"}, State::kCritical, "No message"},
      {"check_always_ok", {}, State::kUnknown, "Needs at least one command"},
      {"check_negate",
       {"ok=critical", "command=check_ok"},
       State::kCritical,
       "No message"},
      {"negate",
       {"ok=critical", "critical=ok", "command=check_ok"},
       State::kCritical,
       "No message"},
      {"check_negate",
       {"warning=o", "command=CHECK_warning"},
       State::kOk,
       "foo|'a'=1;2;3"},
      {"check_negate", {"ok=bogus", "command=check_ok"}, State::kUnknown, "No message"},
      {"check_negate",
       {"--command", "check_ok", "-o", "critical"},
       State::kCritical,
       "No message"},
      {"check_negate", {"ok=critical"}, State::kUnknown, "Missing command"},
      {"check_multi",
       {"command=check_ok", "command=check_warning message=foo"},
       State::kWarning,
       "No message, foo|'a'=1;2;3"},
      {"checkmultiple",
       {"command=check_ok", "arguments=nosuch", "separator=/", "prefix=<", "suffix=>"},
       State::kUnknown,
       "<No message/Unknown command(s): nosuch>"},
      {"check_multi", {}, State::kUnknown, "Missing command"},
      {"check_multi",
       {R"(command=check_ok message=C:\temp)"},
       State::kUnknown,
       "Failed to process command : unknown escape sequence"},
      {"check_timeout", {"timeout=5", "command=check_critical"}, State::kCritical, "bad"},
      {"timeout", {"command=check_critical", "return=ok"}, State::kOk, "bad"},
      {"check_timeout",
       {"timeout=0", "command=nosuch"},
       State::kUnknown,
       "Thread failed to return within given timeout"},
      {"check_timeout", {}, State::kUnknown, "Missing command"},
      {"check_and_forward",
       {"target=foo", "command=check_ok"},
       State::kOk,
       "Message submitted: foo"},
      {"check_and_forward", {"target=foo"}, State::kUnknown, "Missing command"},
      {"check_and_forward", {"command=check_ok"}, State::kUnknown, "Missing target"},
      {"nosuch", {}, State::kUnknown, "No alias found matching: nosuch"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.command);
    Started helpers;
    const auto result = helpers.Ask(row.command, row.arguments);
    CHECK(result.state == row.state);
    CHECK(sdk::FormatPlain(result) == row.text);
  }
}

TEST_CASE("wrong options are said with the words clients know") {
  const struct {
    const char* command;
    Words arguments;
    const char* start;
  } rows[] = {
      {"check_ok", {"hello"}, "Invalid command line: unrecognised option 'hello'\n"},
      {"check_negate",
       {"-o", "critical", "-q", "check_ok"},
       "Invalid command line: the required argument for option '--ok' is missing\n"},
      {"check_timeout",
       {"timeout=1x"},
       "Invalid command line: the argument ('1x') for option '--timeout' is invalid\n"},
      {"check_and_forward",
       {"bar=1"},
       "Failed to parse command line re-run with help to get help: unrecognised option "
       "'bar=1'\n"},
  };
  for (const auto& row : rows) {
    Started helpers;
    const auto result = helpers.Ask(row.command, row.arguments);
    CHECK(result.state == State::kUnknown);
    CHECK(result.lines.at(0).message.rfind(row.start, 0) == 0);
  }
}

TEST_CASE("everything behind the bare word arguments belongs to the wrapped command") {
  for (const char* command : {"check_negate", "check_timeout", "check_and_forward"}) {
    CAPTURE(command);
    Started helpers;
    Words words = {"command=check_ok", "arguments", "ok=1", "--show-all", "arguments"};
    if (command == std::string("check_and_forward"))
      words.insert(words.begin(), "target=x");
    helpers.Ask(command, words);
    REQUIRE(helpers.call.asked.size() == 1);
    CHECK(helpers.call.asked[0].query.arguments ==
          Words{"ok=1", "--show-all", "arguments"});
  }
  Started helpers;
  helpers.Ask("check_negate", {"command=check_ok", "arguments=a=1", "arguments=b"});
  CHECK(helpers.call.asked.at(0).query.arguments == Words{"a=1", "b"});
}

TEST_CASE("a command of check_multi brings its own arguments and lines") {
  Started helpers;
  auto two = MakeResult(State::kOk, "one", "x=1");
  two.lines.push_back({"two", {}});
  helpers.call.answers["two"] = two;
  const auto result =
      helpers.Ask("check_multi", {R"(command=TWO "a b" c)", "command=two", "suffix=."});
  CHECK(helpers.call.asked.at(0).query.arguments == Words{"a b", "c"});
  REQUIRE(result.lines.size() == 4);
  CHECK(result.lines[1].message == "two");
  CHECK(result.lines[2].message == ", one");
  CHECK(result.lines[2].perf.size() == 1);
  CHECK(result.lines[3].message == "two.");
}

TEST_CASE("check_multi stops when nobody waits any more") {
  Started helpers;
  helpers.call.on_run = [&] { helpers.call.is_cancelled = true; };
  const auto result =
      helpers.Ask("check_multi", {"command=check_ok", "command=check_ok"});
  CHECK(result.state == State::kUnknown);
  CHECK(helpers.call.asked.size() == 1);
}

TEST_CASE("check_timeout limits the call and knows a late answer by the clock") {
  std::chrono::steady_clock::time_point now{};
  const Handler timeout = MakeTimeout([&] { return now; });
  FakeCall call;
  call.answers["slow"] = MakeResult(State::kUnknown, "deadline exceeded");
  CHECK(timeout({"timeout=1", "command=slow"}, call).lines[0].message ==
        "deadline exceeded");
  CHECK(call.asked.at(0).limit == std::chrono::milliseconds(1000));
  call.on_run = [&] { now += std::chrono::seconds(1); };
  const auto late = timeout({"timeout=1", "return=ok", "command=slow"}, call);
  CHECK(late.state == State::kUnknown);
  CHECK(late.lines[0].message == "Thread failed to return within given timeout");
}

TEST_CASE("a result that cannot be submitted is said on a line of its own") {
  Started helpers;
  helpers.call.submit_answer = Status::NotFound("no such channel");
  const auto result = helpers.Ask(
      "check_and_forward", {"target=foo", "command=check_warning", "arguments", "x"});
  CHECK(result.state == State::kOk);
  REQUIRE(result.lines.size() == 2);
  CHECK(result.lines[0].message == "Failed to submit to: foo");
  CHECK(result.lines[1].message == "Message submitted: foo");
  REQUIRE(helpers.call.submitted.size() == 1);
  CHECK(helpers.call.submitted[0].second.command == "check_warning");
  CHECK(helpers.host.log.size() == 1);
}

TEST_CASE("performance data is sorted, limited, transformed and rendered") {
  const struct {
    const char* command;
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {"filter_perf",
       {"command=many"},
       State::kWarning,
       "a\nb|'x'=2%;5;8;1;9 'u'=U 'y'=7 'z'=1;2:3"},
      {"filter_perf",
       {"command=many", "sort=normal"},
       State::kWarning,
       "a\nb|'y'=7 'x'=2%;5;8;1;9 'z'=1;2:3 'u'=U"},
      {"filter_perf",
       {"command=many", "sort=reverse", "limit=2"},
       State::kWarning,
       "a\nb|'z'=1;2:3 'x'=2%;5;8;1;9"},
      {"filter_perf", {"sort=normal"}, State::kUnknown, "Missing command"},
      {"filter_perf",
       {"command=many", "sort=up"},
       State::kUnknown,
       "Invalid sort order: 'up' (expected one of none|normal|reverse)"},
      {"xform_perf",
       {"command=many", "mode=extract", "field=max", "replace=x=x max"},
       State::kWarning,
       "ab|'x'=2%;5;8;1;9 'u'=U 'x max'=9% 'y'=7 'z'=1;2:3 'y'=0 'z'=0"},
      {"xform_perf",
       {"command=many", "mode=extract", "field=warn", "replace=x=w"},
       State::kWarning,
       "ab|'x'=2%;5;8;1;9 'u'=U 'w'=5% 'y'=7 'z'=1;2:3 'y'=0 'z'=2"},
      {"xform_perf",
       {"command=many", "mode=minmax"},
       State::kWarning,
       "ab|'x'=2%;5;8;0;100 'u'=U 'y'=7 'z'=1;2:3"},
      {"xform_perf",
       {"command=check_ok", "mode=bogus"},
       State::kUnknown,
       "No messageInvalid mode specified"},
      {"xform_perf",
       {"command=check_ok", "mode=extract", "replace=x"},
       State::kUnknown,
       "No messageInvalid syntax replace string"},
      {"render_perf", {"command=check_ok"}, State::kUnknown, "No messageUNKNOWN:  "},
      {"render_perf",
       {"command=many", "remove-perf"},
       State::kOk,
       "abOK:  x\t2\t%\t5\t8\t1\t9\n, u\tU\t\t\t\t\t\n, y\t7\t\t\t\t\t\n, "
       "z\t1\t\t2:3\t\t\t\n"},
      {"render_perf",
       {"command=many", "detail-syntax=%(message)", "crit=value > 5", "arguments", "q"},
       State::kCritical,
       "abCRITICAL:  x, u, y, z|'x'=2%;5;8;1;9 'u'=U 'y'=7 'z'=1;2:3 'x_value'=2;0;5 "
       "'y_value'=7;0;5 'z_value'=1;0;5"},
      {"render_perf", {"detail-syntax=x"}, State::kUnknown, "Missing command"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.command);
    Started helpers;
    auto many = MakeResult(State::kWarning, "a", "x=2%;5;8;1;9 u=U");
    many.lines.push_back({"b", sdk::ParsePerf("y=7 z=1;2:3")});
    helpers.call.answers["many"] = many;
    const auto result = helpers.Ask(row.command, row.arguments);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
}

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
  sdk::Query alias{"x", {}};
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "$ARG1$";
  alias.arguments = {many};
  CHECK(ExpandAlias(alias, {"ab"})->arguments[0].size() == 2000);
  CHECK_FALSE(ExpandAlias(alias, {std::string(2000, 'x')}).ok());
  CHECK(ExpandAlias({"x", {"$ARG$ $ARG0$ $ARG99999$ $ARG1% %ARG1%"}}, {"v"})
            ->arguments[0] == "$ARG$ $ARG0$ $ARG99999$ $ARG1% v");
}

}  // namespace
}  // namespace nscp::check_helpers
