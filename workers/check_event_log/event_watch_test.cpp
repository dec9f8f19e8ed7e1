#include "workers/check_event_log/event_watch.h"

#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>

#include "workers/check_event_log/commands.h"
#include "workers/check_event_log/fake_logs.h"
#include "workers/check_event_log/levels.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_event_log {
namespace {

using Words = std::vector<std::string>;

constexpr char kFilters[] = "/settings/eventlog/real-time/filters/";
constexpr int64_t kNow = 1'700'000'000;

// Takes what filters tell, from their thread.
class Channel : public checks::FakeHost {
 public:
  sdk::SubmitAnswer Submit(const sdk::Submission& submission,
                           std::chrono::milliseconds) override {
    return Keep(submission.result.lines[0].message);
  }
  Status Emit(const std::vector<sdk::Event>& told) override {
    for (const sdk::Event& event : told) Keep(event.name);
    return Status::Ok();
  }
  // Once there are so many; what there is when that takes too long.
  Words Wait(size_t count) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10),
                      [&] { return texts_.size() >= count; });
    return std::exchange(texts_, {});
  }
  bool WaitReady(std::chrono::milliseconds) override { return true; }

 private:
  sdk::SubmitAnswer Keep(const std::string& text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    texts_.push_back(text);
    changed_.notify_all();
    return {true, ""};
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  Words texts_;
};

sdk::Settings FilterSettings(std::vector<sdk::Settings::Entry> more) {
  std::vector<sdk::Settings::Entry> entries = {
      {"/settings/eventlog/real-time", "log", "application,system"},
      {"/settings/eventlog/real-time", "startup age", "30m"}};
  entries.insert(entries.end(), more.begin(), more.end());
  return sdk::Settings(entries);
}

TEST_CASE("filters are told of each record once, of old ones as the startup age says") {
  FakeLogs logs;
  logs.Clear("system");
  logs.Add("application", kError, 1, kNow - 3600, "too old");
  logs.Add("application", kError, 2, kNow - 60, "just before");
  Channel host;
  EventWatch watch(
      FilterSettings({{std::string(kFilters) + "errors", "filter", "level = 'error'"}}),
      host, logs, [] { return kNow; });
  watch.Look();
  CHECK(host.Wait(1) == Words{"OK: application Disk (just before)"});
  watch.Look();
  logs.Add("application", kWarning, 3, kNow, "no error");
  logs.Add("system", kError, 4, kNow, "new");
  logs.Add("application", kError, 5, kNow, "newer");
  watch.Look();
  CHECK(host.Wait(2) == Words{"OK: application Disk (newer)", "OK: system Disk (new)"});
  // Cleared between two looks.
  logs.Clear("application");
  logs.Add("application", kError, 6, kNow + 1, "after it was cleared");
  watch.Look();
  CHECK(host.Wait(1) == Words{"OK: application Disk (after it was cleared)"});
  std::vector<sdk::Metric> metrics;
  watch.AddMetrics(metrics);
  CHECK(metrics.size() == 2);
  CHECK(host.log.empty());
}

TEST_CASE("a filter has logs, thresholds and texts of its own") {
  FakeLogs logs;
  logs.Clear("application");
  logs.Clear("system");
  logs.Clear("Security");
  Channel host;
  const std::string own = std::string(kFilters) + "own";
  EventWatch watch(
      FilterSettings({{own, "log", "Security"},
                      {own, "filter", "id = 4625"},
                      {own, "critical", "count > 0"},
                      {own, "truncate", "4"},
                      {own, "detail syntax", "${message}"},
                      {std::string(kFilters) + "told", "filter", "id = 4625"},
                      {std::string(kFilters) + "told", "log", "security"},
                      {std::string(kFilters) + "told", "target", "event"}}),
      host, logs, [] { return kNow; });
  logs.Add("application", kError, 4625, kNow, "another log");
  logs.Add("Security", kAuditFailure, 4625, kNow, "wrong password");
  watch.Look();
  CHECK(host.Wait(2) == Words{"CRITICAL: wron", "eventlog:told"});
}

TEST_CASE("what cannot be read is told once, and tried again") {
  FakeLogs logs;
  Channel host;
  EventWatch watch(FilterSettings({{std::string(kFilters) + "a", "filter", "id = 1"},
                                   {std::string(kFilters) + "b", "filter", "id = "}}),
                   host, logs, [] { return kNow; });
  const size_t before = host.log.size();
  REQUIRE(before > 0);
  CHECK(host.log.back().second.find("filter b") != std::string::npos);
  for (int i = 0; i < 3 * kLooksAfterFailure; ++i) watch.Look();
  CHECK(host.log.size() == before + 2);  // one for each of the two logs
  logs.Add("application", kError, 1, kNow, "late");
  for (int i = 0; i <= kLooksAfterFailure; ++i) watch.Look();
  CHECK(host.Wait(1) == Words{"OK: application Disk (late)"});
}

TEST_CASE("the thread reads what it is woken for, and stops") {
  FakeLogs logs;
  logs.Clear("application");
  logs.Clear("system");
  logs.Add("system", kError, 1, kNow, "x");
  Channel host;
  EventWatch watch(
      FilterSettings({{std::string(kFilters) + "errors", "filter", "level = 'error'"}}),
      host, logs, [] { return kNow; });
  watch.Start();
  CHECK(host.Wait(1) == Words{"OK: system Disk (x)"});
  watch.Stop();
}

struct Tools {
  FakeLogs logs;
  std::vector<NewEvent> reported;
  std::vector<sdk::Settings::Entry> saved;
  Status report_answer;

  sdk::ExecAnswer Run(const Words& words) {
    CommandTools tools;
    tools.logs = &logs;
    tools.report = [this](const NewEvent& event) {
      reported.push_back(event);
      return report_answer;
    };
    tools.save = [this](const auto& entries) {
      saved = entries;
      return Status::Ok();
    };
    return RunCommand({"", words}, tools);
  }
};

TEST_CASE("insert reports an event") {
  Tools tools;
  const auto answer =
      tools.Run({"insert", "--source", "App", "--id", "1000", "--level", "error",
                 "--severity", "warning", "--category", "3", "--customer", "1",
                 "--facility", "5", "-a", "one", "--arguments=two", "three"});
  CHECK(answer.output == "Message reported successfully\n");
  REQUIRE(tools.reported.size() == 1);
  const NewEvent& event = tools.reported[0];
  CHECK(event.source == "App");
  CHECK(event.type == 1);
  CHECK(event.raw_id == 0xa00503e8);
  CHECK(event.category == 3);
  CHECK(event.strings == Words{"one", "two", "three"});
  tools.Run(
      {"insert-message", "-s", "X", "-t", "success", "-i", "7", "-q", "2", "-c", "0"});
  CHECK(tools.reported.back().type == 0);
  CHECK(tools.reported.back().raw_id == 0x20007);
  tools.Run({"insert"});
  CHECK(tools.reported.back().source == "Application Error");
  CHECK(tools.reported.back().type == 4);
  tools.report_answer = Status::PermissionDenied("Access is denied (error 5)");
  CHECK(tools.Run({"insert", "-l", "warning"}).output ==
        "Could not report the event: Access is denied (error 5)\n");
  const size_t before = tools.reported.size();
  for (const Words& wrong :
       {Words{"insert", "--id", "70000"}, Words{"insert", "--id", "x"},
        Words{"insert", "--type", "loud"}, Words{"insert", "--severity", "loud"},
        Words{"insert", "--customer", "2"}, Words{"insert", "--nosuch"}}) {
    CAPTURE(wrong[1]);
    CHECK(tools.Run(wrong).code == 3);
  }
  CHECK(tools.reported.size() == before);
}

TEST_CASE("add writes a filter, list lists") {
  Tools tools;
  CHECK(tools
            .Run({"add", "--alias", "login", "--log", "Security", "--filter", "id = 4625",
                  "--target", "event"})
            .output == "Filter login added\n");
  Words saved;
  for (const auto& entry : tools.saved) {
    saved.push_back(entry.path + " " + entry.key + "=" + entry.value);
  }
  CHECK(saved == Words{"/settings/eventlog/real-time enabled=true",
                       "/modules CheckEventLog=enabled",
                       "/settings/eventlog/real-time/filters/login filter=id = 4625",
                       "/settings/eventlog/real-time/filters/login target=event",
                       "/settings/eventlog/real-time/filters/login log=Security"});
  tools.Run({"add", "--alias", "x", "--file", "System"});
  CHECK(tools.saved.back().key + "=" + tools.saved.back().value == "log=System");
  CHECK(tools.Run({"add"}).code == 3);
  CHECK(tools.Run({"add", "--alias", "a/b"}).code == 3);
  tools.logs.Clear("System");
  CHECK(tools.Run({"list", "--channels"}).output == "System\n");
  CHECK(tools.Run({"list", "--publishers"}).output == "Disk\nTcpip\n");
  CHECK(tools.Run({"list-providers", "--all"}).output ==
        "Channels:\nSystem\nPublishers:\nDisk\nTcpip\n");
  CHECK(tools.Run({"list", "--publisher", "Disk", "--tasks", "--keywords"}).output ==
        "Tasks:\n * Write (1)\nKeywords:\n * Audit (2)\n");
  CHECK(tools.Run({"list", "--tasks"}).code == 3);
  CHECK(tools.Run({"list", "--publisher", "No", "--tasks"}).code == 3);
  CHECK(tools.Run({"list"}).output == tools.Run({"list", "--help"}).output);
  CHECK(tools.Run({}).output == "Usage: nscp eventlog [list|insert|add] --help\n");
}

}  // namespace
}  // namespace nscp::check_event_log
