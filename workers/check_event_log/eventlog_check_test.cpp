#include "workers/check_event_log/eventlog_check.h"

#include <doctest/doctest.h>

#include "workers/check_event_log/fake_logs.h"
#include "workers/check_event_log/levels.h"
#include "workers/checks/fake_call.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_event_log {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

constexpr int64_t kNow = 1'700'000'000;  // 2023-11-14 22:13:20 UTC
constexpr int64_t kHour = 3600;

// Logs of the usual names (constructed), and bookmarks.
struct Fixture {
  FakeLogs logs;
  checks::FakeHost host;
  checks::Bookmarks bookmarks{host};
  Words logged;
  bool cancelled = false;
  EventlogCheck check;

  Fixture() {
    logs.Add("Application", kInformation, 1, kNow - 3 * kHour, "all is well", "Setup");
    logs.Add("Application", kError, 1000, kNow - 2 * kHour, "it\r\n  broke\t now", "App");
    logs.Add("Application", kWarning, 7, kNow - kHour, "it is slow", "App");
    logs.Add("System", kCritical, 41, kNow - 30 * kHour, "power was lost", "Kernel");
    logs.Add("System", kInformation, 7036, kNow - kHour, "a service runs", "SCM");
    logs.Clear("Empty");
  }
  sdk::CheckResult Run(const Words& arguments) {
    checks::Environment environment;
    environment.now = kNow;
    environment.log = [this](sdk::LogLevel, std::string_view text) {
      logged.emplace_back(text);
    };
    environment.cancelled = [this] { return cancelled; };
    return check.Run(arguments, environment, logs, bookmarks);
  }
  std::string Text(const Words& arguments) { return sdk::FormatPlain(Run(arguments)); }
  Words Asked() const {
    Words asked;
    for (const ReadRequest& request : logs.requests) asked.push_back(request.log);
    return asked;
  }
};

TEST_CASE("check_eventlog judges the records of a day") {
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{},
       State::kCritical,
       "CRITICAL: 2 message(s) Application App (it is slow), Application App (it broke "
       "now)|'problem_count'=2;0;0"},
      {{"file=System"}, State::kOk, "OK: No entries found|'problem_count'=0;0;0"},
      {{"log=System", "scan-range=-2d"},
       State::kCritical,
       "CRITICAL: 1 message(s) System Kernel (power was lost)|'problem_count'=1;0;0"},
      {{"file=Empty"}, State::kOk, "OK: No entries found|'problem_count'=0;0;0"},
      {{"file=Empty", "empty-state=critical"},
       State::kCritical,
       "CRITICAL: No entries found|'problem_count'=0;0;0"},
      {{"scan-range=-90m"},
       State::kWarning,
       "WARNING: 1 message(s) Application App (it is slow)|'problem_count'=1;0;0"},
      {{"filter=level = 'information'", "scan-range=-1w"},
       State::kOk,
       "OK: Event log seems fine|'problem_count'=0;0;0"},
      {{"filter=none", "warn=none", "crit=count > 3"},
       State::kCritical,
       "CRITICAL: 4 message(s) Application App (it is slow), Application App (it broke "
       "now), Application Setup (all is well), System SCM (a service "
       "runs)|'count'=4;0;3"},
      {{"file=Application", "scan-range=0s", "filter=none", "show-all"},
       State::kOk,
       "OK: No entries found|'problem_count'=0;0;0"},
      {{"file=Application", "scan-range=1h", "filter=none", "warn=none", "crit=none",
        "top-syntax=${list}", "ok-syntax=none", "detail-syntax=${id}"},
       State::kOk,
       "1, 1000, 7"},
      {{"file=NoSuch"}, State::kUnknown, "There is no event log NoSuch"},
      {{"scan-range=soon"}, State::kUnknown, "Invalid time specification: 'soon'"},
      {{"truncate-message=5", "file=Application", "warn=none"},
       State::kCritical,
       "CRITICAL: 2 message(s) Application App (it br)"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.arguments.empty() ? "none" : row.arguments.front());
    Fixture fixture;
    const auto result = fixture.Run(row.arguments);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
}

TEST_CASE("every keyword says what the record says") {
  Fixture fixture;
  Event& event = fixture.logs.Add("Security", kAuditFailure, 4625, kNow - 60, "wrong");
  event.raw_id = 0xe0031211;  // severity 3, customer, facility 3, id 4625
  event.guid = "{54849625-5478-4994-A5BA-3E3B0328C30D}";
  event.computer = "host.example";
  event.sid = "S-1-5-18";
  event.task = 12544;
  event.generated = kNow - 61;
  auto& texts = fixture.logs.logs["Security"].records.back().texts;
  texts[EventText::kStrings] = "alice, 3";
  texts[EventText::kTask] = "Logon";
  texts[EventText::kOpcode] = "Info";
  texts[EventText::kKeyword] = "Audit Failure";
  texts[EventText::kUser] = "NT AUTHORITY\\SYSTEM";
  texts[EventText::kXml] = "<Event/>";
  const struct {
    const char* keyword;
    const char* text;
  } rows[] = {
      {"file", "Security"},
      {"log", "Security"},
      {"source", "Disk"},
      {"provider", "Disk"},
      {"guid", "{54849625-5478-4994-A5BA-3E3B0328C30D}"},
      {"computer", "host.example"},
      {"sid", "S-1-5-18"},
      {"message", "wrong"},
      {"strings", "alice, 3"},
      {"task", "Logon"},
      {"opcode", "Info"},
      {"keyword", "Audit Failure"},
      {"user", "NT AUTHORITY\\SYSTEM"},
      {"xml", "<Event/>"},
      {"level", "auditFailure"},
      {"type", "auditFailure"},
      {"severity", "error"},
      {"id", "4625"},
      {"rawid", "3758297617"},
      {"facility", "3"},
      {"qualifier", "3"},
      {"customer", "1"},
      {"category", "12544"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.keyword);
    CHECK(fixture.Text({"file=Security", "filter=id = 4625", "crit=none", "warn=none",
                        "ok-syntax=none", "top-syntax=${list}",
                        std::string("detail-syntax=${") + row.keyword + "}"}) ==
          row.text);
  }
  const std::string written = checks::TimeZone().Format(kNow - 60);
  CHECK(fixture.Text({"file=Security", "filter=id = 4625", "crit=none", "warn=none",
                      "ok-syntax=none", "top-syntax=${list}",
                      "detail-syntax=${written}|${written_str}|${generated}"}) ==
        written + "|" + written + "|" + checks::TimeZone().Format(kNow - 61));
}

TEST_CASE("filters find records by levels, words, numbers and times") {
  const struct {
    const char* filter;
    const char* ids;
  } rows[] = {
      {"level = 2", "1000"},
      {"level in ('critical', 3)", "7, 41"},
      {"type = 'ERROR'", "1000"},
      {"level <= 'warning'", "7, 1000, 41"},
      {"severity = 'warning'", "7"},
      {"severity in ('error')", "1000, 41"},
      {"id = 7 and level = 'warning'", "7"},
      {"id in (7, 41)", "7, 41"},
      {"source = 'App' and message like 'slow'", "7"},
      {"written > -90m", "7, 7036"},
      {"generated < -1d", "41"},
      {"level = 'information' or id = 41", "1, 7036, 41"},
      {"message regexp '.*(broke|lost).*'", "1000, 41"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.filter);
    Fixture fixture;
    CHECK(fixture.Text({std::string("filter=") + row.filter, "scan-range=-1w",
                        "warn=none", "crit=none", "ok-syntax=none", "top-syntax=${list}",
                        "detail-syntax=${id}"}) == row.ids);
  }
  Fixture fixture;
  CHECK(fixture.Text({"filter=level = 'loud'"}).find("is not valid: level = 'loud'") !=
        std::string::npos);
}

TEST_CASE("texts are made when they are looked at alone") {
  Fixture fixture;
  fixture.Text({"filter=id = 7 and message like 'x'"});
  CHECK(fixture.logs.texts_made == 1);
  fixture.Text({"detail-syntax=${id}"});
  CHECK(fixture.logs.texts_made == 1);
  fixture.Text({"filter=id = 7", "detail-syntax=${message} ${message}"});
  CHECK(fixture.logs.texts_made == 2);
  // Rows that wait for their judgement keep what they need.
  CHECK(fixture.Text({"filter=id = 7", "warn=message like 'slow'", "crit=none",
                      "detail-syntax=${id}"}) == "WARNING: 1 message(s) 7");
}

TEST_CASE("what the system can look up is told to it") {
  Fixture fixture;
  fixture.Run({"file=System", "filter=level = 'error' and id in (1, 2)"});
  CHECK(fixture.logs.requests.back().wanted.levels == std::set<int64_t>{2});
  CHECK(fixture.logs.requests.back().wanted.ids == std::set<int64_t>{1, 2});
  CHECK(fixture.logs.requests.back().since == kNow - 24 * kHour);
  // What counts or shows all records must see them.
  fixture.Run({"file=System", "warn=total > 3"});
  CHECK(fixture.logs.requests.back().wanted.levels.empty());
  fixture.Run({"file=System", "debug"});
  CHECK(fixture.logs.requests.back().wanted.levels.empty());
  fixture.Run({});
  CHECK(fixture.logs.requests.back().wanted.levels == std::set<int64_t>{1, 2, 3});
  CHECK(fixture.Asked() == Words{"System", "System", "System", "Application", "System"});
}

TEST_CASE("unique shows one record of each kind and counts all") {
  Fixture fixture;
  fixture.logs.Add("Application", kWarning, 7, kNow - 60, "it is slow again", "App");
  const Words question = {"file=Application", "filter=id = 7", "crit=none"};
  CHECK(
      fixture.Text(question) ==
      "WARNING: 2 message(s) Application App (it is slow again), Application App (it is "
      "slow)|'problem_count'=2;0;0");
  Words unique = question;
  unique.push_back("unique");
  CHECK(fixture.Text(unique) ==
        "WARNING: 2 message(s) Application App (it is slow again)|'problem_count'=2;0;0");
  unique.push_back("unique-index=${message}");
  CHECK(fixture.Text(unique) == fixture.Text(question));
}

TEST_CASE("a bookmark tells each record once") {
  Fixture fixture;
  const Words question = {"file=Application", "bookmark",       "filter=none",
                          "warn=none",        "crit=count > 0", "detail-syntax=${id}"};
  CHECK(fixture.Text(question) == "CRITICAL: 3 message(s) 7, 1000, 1|'count'=3;0;0");
  CHECK(fixture.Text(question) == "OK: No entries found|'count'=0;0;0");
  fixture.logs.Add("Application", kError, 8, kNow - 2, "x");
  fixture.logs.Add("Application", kError, 9, kNow - 1, "x");
  // What nobody got is not told.
  fixture.cancelled = true;
  fixture.Run(question);
  fixture.cancelled = false;
  fixture.logs.read_answer = Status::Unavailable("the service is gone");
  CHECK(fixture.Text(question) == "the service is gone");
  fixture.logs.read_answer = Status::Ok();
  CHECK(fixture.Text(question) == "CRITICAL: 2 message(s) 8, 9|'count'=2;0;0");
  // Records that are older than the range, and a process that began anew.
  fixture.logs.Add("Application", kError, 10, kNow - 90 * kHour, "x");
  checks::Bookmarks again(fixture.host);
  checks::Environment environment;
  environment.now = kNow;
  CHECK(sdk::FormatPlain(fixture.check.Run(question, environment, fixture.logs, again)) ==
        "CRITICAL: 1 message(s) 10|'count'=1;0;0");
  // Another question and another name have bookmarks of their own.
  CHECK(
      fixture.Text({"file=Application", "bookmark=mine", "filter=id = 9"}).substr(0, 8) ==
      "CRITICAL");
  CHECK(fixture.Text({"bookmark=" + std::string(201, 'x')}).find("longer than 200") !=
        std::string::npos);
}

TEST_CASE("a log that is cleared or overwrites its records loses no new ones") {
  Fixture fixture;
  const Words question = {"file=Application", "bookmark=b",
                          "filter=none",      "warn=none",
                          "crit=count > 0",   "detail-syntax=${message}"};
  fixture.Text(question);
  fixture.logs.Clear("Application");
  CHECK(fixture.Text(question) == "OK: No entries found|'count'=0;0;0");
  fixture.logs.Add("Application", kError, 1, kNow - 9, "one");
  CHECK(fixture.Text(question) == "CRITICAL: 1 message(s) one|'count'=1;0;0");
  // Cleared and longer again than it was: the numbers alone would not tell.
  fixture.logs.Clear("Application");
  fixture.logs.Add("Application", kError, 1, kNow - 8, "two");
  fixture.logs.Add("Application", kError, 1, kNow - 7, "three");
  fixture.logged.clear();
  CHECK(fixture.Text(question) == "CRITICAL: 2 message(s) two, three|'count'=2;0;0");
  CHECK(fixture.logged ==
        Words{"The event log Application was cleared: reading it from its beginning"});
  for (int i = 0; i < 5; ++i) fixture.logs.Add("Application", kError, 1, kNow, "m");
  fixture.logs.Keep("Application", 3);
  fixture.logged.clear();
  CHECK(fixture.Text(question) == "CRITICAL: 3 message(s) m, m, m|'count'=3;0;0");
  CHECK(fixture.logged.size() == 1);
}

TEST_CASE("too much to keep is an answer, and the next check goes on behind it") {
  Fixture fixture;
  fixture.logs.Clear("Application");
  const std::string message(kMaxEventText + 100, 'm');
  for (int i = 0; i < 1100; ++i) {
    fixture.logs.Add("Application", kError, 1, kNow - 1, message);
  }
  const Words question = {"file=Application",      "filter=none", "bookmark=b",
                          "crit=message like 'x'", "warn=none",   "detail-syntax=${id}"};
  REQUIRE(fixture.bookmarks.Save("b", {{"Application", "1|0|0"}}).ok());
  CHECK(fixture.Text(question).find("more than 64 MiB of text") != std::string::npos);
  const auto result = fixture.Run(question);
  CHECK(result.state == State::kOk);
  CHECK(fixture.logs.requests.back().after > 1000);
}

TEST_CASE("the syntax of the settings is the default of checks without one") {
  Fixture fixture;
  fixture.check = EventlogCheck("${id}!");
  CHECK(fixture.Text({"file=Application", "filter=id = 7"}) ==
        "WARNING: 1 message(s) 7!|'problem_count'=1;0;0");
  CHECK(fixture.Text({"file=Application", "filter=id = 7", "detail-syntax=x"}) ==
        "WARNING: 1 message(s) x|'problem_count'=1;0;0");
}

TEST_CASE("the old command's arguments") {
  const struct {
    Words old;
    Words now;
  } rows[] = {
      {{"help"}, {"help"}},
      {{}, {"detail-syntax=${source}, ${message}", "top-syntax=${list}"}},
      {{"file=System", "MaxWarn=1", "MaxCrit=5",
        "filter=severity = 'error' and generated "
        "> -2d",
        "truncate=800", "unique", "descriptions", "syntax=%id%: %strings% (%count%)",
        "top-syntax=${count}"},
       {"file=System", "warn=count >= 1", "crit=count >= 5",
        "filter=level = 'error' and written > -2d", "unique",
        "detail-syntax=${id}: ${message} (${count})", "top-syntax=${count}"}},
      {{"warn=gt:5", "crit=count > 3", "MinWarn=2"},
       {"warn=count > 5", "crit=count > 3", "warn=count <= 2",
        "detail-syntax=${source}, ${message}", "top-syntax=${list}"}},
  };
  for (const auto& row : rows) CHECK(OfOldArguments(row.old) == row.now);
  Fixture fixture;
  CHECK(
      fixture.Text(OfOldArguments({"file=Application", "MaxCrit=1", "filter=id = 7"})) ==
      "App, it is slow|'count'=1;0;1 'problem_count'=1;0;0");
}

}  // namespace
}  // namespace nscp::check_event_log
