#include "workers/check_helpers/check_helpers.h"

#include "workers/check_helpers/started.h"
#include "workers/check_helpers/wrappers.h"

namespace nscp::check_helpers {
namespace {

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
  helpers.call.submit_answer = {false, "no such channel"};
  const auto result = helpers.Ask(
      "check_and_forward", {"target=foo", "command=check_warning", "arguments", "x"});
  CHECK(result.state == State::kOk);
  REQUIRE(result.lines.size() == 2);
  CHECK(result.lines[0].message == "Failed to submit to: foo");
  CHECK(result.lines[1].message == "Message submitted: foo");
  REQUIRE(helpers.call.submitted.size() == 1);
  CHECK(helpers.call.submitted[0].result.command == "check_warning");
  CHECK(helpers.host.log.size() == 1);
}

}  // namespace
}  // namespace nscp::check_helpers
