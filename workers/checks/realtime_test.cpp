#include "workers/checks/realtime.h"

#include <doctest/doctest.h>

#include <condition_variable>
#include <map>

#include "workers/checks/fake_call.h"
#include "workers/checks/test_objects.h"

namespace nscp::checks {
namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr char kPath[] = "/settings/x/real-time";

// A FakeHost whose messages can be waited for.
class WaitingHost final : public FakeHost {
 public:
  sdk::SubmitAnswer Submit(const sdk::Submission& submission,
                           std::chrono::milliseconds limit) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    changed_.notify_all();
    return FakeHost::Submit(submission, limit);
  }
  Status Emit(const std::vector<sdk::Event>& emitted) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    changed_.notify_all();
    return FakeHost::Emit(emitted);
  }
  sdk::Submission Submitted(size_t index) {
    std::unique_lock<std::mutex> lock(mutex_);
    REQUIRE(changed_.wait_for(lock, kPatience, [&] { return submitted.size() > index; }));
    return submitted[index];
  }
  std::vector<sdk::Event> Events(size_t count) {
    std::unique_lock<std::mutex> lock(mutex_);
    REQUIRE(changed_.wait_for(lock, kPatience, [&] { return events.size() >= count; }));
    return events;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

Thing Named(const std::string& name, int64_t load) {
  Thing thing;
  thing.name = name;
  thing.percent = load;
  return thing;
}

struct Watcher {
  using Keys = std::map<std::string, std::string>;

  explicit Watcher(const Keys& keys, const std::string& line = "") {
    std::vector<sdk::Settings::Entry> entries;
    if (!line.empty()) entries.push_back({kPath, "big", line});
    for (const auto& [key, value] : keys) {
      entries.push_back({std::string(kPath) + "/big", key, value});
    }
    const auto list = sdk::ReadObjects(sdk::Settings(entries), kPath);
    REQUIRE(list.objects.size() == 1);
    RealtimeDefaults defaults;
    defaults.detail_syntax = "${name}";
    defaults.perf_syntax = "${name}";
    defaults.event = "system.thing";
    environment.now = kTestNow;
    filter = std::make_unique<RealtimeFilter<Thing>>(
        ReadRealtimeOptions(list.objects[0], defaults, problems), keywords, outbox,
        environment);
  }
  // What is submitted after a second with these rows; "-" for nothing.
  std::string At(int64_t second, const std::vector<Thing>& rows) {
    environment.now = kTestNow + second;
    const uint64_t before = filter->fired();
    filter->Judge(rows, environment);
    if (filter->fired() == before) return "-";
    const sdk::Submission sent = host.Submitted(next++);
    return std::string(sdk::StateName(sent.result.state)) + " " +
           sent.result.lines[0].message;
  }

  WaitingHost host;
  RealtimeOutbox outbox{host};
  Environment environment;
  const Keywords<Thing> keywords = ThingKeywords();
  std::vector<std::string> problems;
  std::unique_ptr<RealtimeFilter<Thing>> filter;
  size_t next = 0;
};

const std::vector<Thing> kThings = {Named("a", 10), Named("b", 85), Named("c", 95)};

TEST_CASE("who matches, and what is said of it") {
  const struct {
    const char* what;
    Watcher::Keys keys;
    std::string line;
    std::string said;
  } rows[] = {
      {"the short form is a filter", {}, "load > 80", "OK OK: b, c"},
      {"nothing that the filter lets through", {}, "load > 99", "-"},
      {"a filter with a severity",
       {{"filter", "load > 80"}, {"severity", "critical"}},
       "",
       "CRITICAL CRITICAL: b, c"},
      {"a severity with a bound",
       {{"critical", "load > 90"}, {"severity", "warning"}},
       "",
       "CRITICAL CRITICAL: c"},
      {"only rows that a bound is true for",
       {{"filter", "name != 'c'"}, {"warning", "load > 80"}},
       "",
       "WARNING WARNING: b"},
      {"a bound that is true for none", {{"critical", "load > 99"}}, "", "-"},
      {"the worst bound",
       {{"warning", "load > 80"}, {"critical", "load > 90"}},
       "",
       "CRITICAL CRITICAL: b, c"},
      {"a bound of the whole",
       {{"critical", "count > 2"}},
       "",
       "CRITICAL CRITICAL: a, b, c"},
      {"what is expressly ok",
       {{"critical", "load > 99"}, {"ok", "load < 20"}},
       "",
       "OK OK: a"},
      {"templates of its own",
       {{"filter", "load > 90"},
        {"top syntax", "see ${list}"},
        {"detail syntax", "${name}=${load}"}},
       "",
       "OK see c=95"},
      {"a template without text",
       {{"filter", "load > 90"}, {"top syntax", "${none_here}"}},
       "",
       "-"},
      {"an empty message",
       {{"filter", "load > 90"}, {"top syntax", "${problem_list}"}},
       "",
       "OK Nothing matched"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    Watcher watcher(row.keys, row.line);
    CHECK(watcher.At(0, kThings) == row.said);
  }
}

TEST_CASE("where it goes") {
  Watcher watcher(Watcher::Keys{{"filter", "load > 90"},
                                {"destination", "CACHE, NSCA"},
                                {"command", "service"},
                                {"target id", "central"},
                                {"source id", "web1"}});
  watcher.filter->Judge(kThings, watcher.environment);
  const sdk::Submission sent = watcher.host.Submitted(0);
  CHECK(sent.channel == "CACHE, NSCA");
  CHECK(sent.result.command == "service");
  CHECK(sent.target == "central");
  CHECK(sent.source == "web1");
  CHECK(Watcher({}, "load > 1").filter->alias() == "big");
}

TEST_CASE("one event for each row that matched, with its keywords as texts") {
  for (const char* destination : {"event", "events"}) {
    Watcher watcher(Watcher::Keys{{"filter", "load > 80"}, {"destination", destination}});
    watcher.filter->Judge(kThings, watcher.environment);
    const auto events = watcher.host.Events(2);
    CHECK(events[0].name == "system.thing:big");
    CHECK(events[0].time_ms == kTestNow * 1000);
    const std::map<std::string, std::string> data(events[1].data.begin(),
                                                  events[1].data.end());
    CHECK(data.at("name") == "c");
    CHECK(data.at("load") == "95");
    CHECK(data.at("state") == "started");
    watcher.filter->Tick(kTestNow + 3600);
    CHECK(watcher.host.submitted.empty());
  }
}

TEST_CASE("after a match nothing is told for the silent period") {
  Watcher watcher(Watcher::Keys{{"filter", "load > 80"}, {"silent period", "1m"}});
  CHECK(watcher.At(0, kThings) == "OK OK: b, c");
  CHECK(watcher.At(59, kThings) == "-");
  CHECK(watcher.At(60, kThings) == "OK OK: b, c");
}

TEST_CASE("without a match for the maximum age an OK is told, again and again") {
  Watcher watcher(
      {{"filter", "load > 90"}, {"maximum age", "30s"}, {"empty message", "all quiet"}});
  watcher.filter->Tick(kTestNow + 29);
  watcher.filter->Tick(kTestNow + 30);
  CHECK(watcher.host.Submitted(0).result.lines[0].message == "all quiet");
  CHECK(watcher.host.Submitted(0).result.state == sdk::State::kOk);
  watcher.next = 1;
  CHECK(watcher.At(50, kThings) == "OK OK: c");
  watcher.filter->Tick(kTestNow + 79);
  watcher.filter->Tick(kTestNow + 80);
  CHECK(watcher.host.Submitted(2).result.lines[0].message == "all quiet");
  CHECK(watcher.host.submitted.size() == 3);

  Watcher never(Watcher::Keys{{"filter", "load > 90"}, {"maximum age", "false"}});
  never.filter->Tick(kTestNow + 1000000);
  never.outbox.Stop();
  CHECK(never.host.submitted.empty());
}

TEST_CASE("a filter that cannot be understood is listed and never runs") {
  Watcher watcher({}, "nosuch > 80");
  CHECK(watcher.filter->problem().find("nosuch > 80") != std::string::npos);
  CHECK(watcher.filter->errors() == 1);
  watcher.filter->Judge(kThings, watcher.environment);
  watcher.filter->Tick(kTestNow + 1000000);
  watcher.outbox.Stop();
  CHECK(watcher.host.submitted.empty());
  std::vector<sdk::Metric> metrics;
  watcher.filter->AddMetrics("system.real-time", metrics);
  REQUIRE(metrics.size() == 2);
  CHECK(metrics[1].key == "big.errors");
  CHECK(std::get<double>(metrics[1].value) == 1);
}

TEST_CASE("values that are no times or states are told, and defaults used") {
  Watcher watcher(Watcher::Keys{{"filter", "load > 90"},
                                {"silent period", "soon"},
                                {"maximum age", "old"},
                                {"severity", "bad"}});
  REQUIRE(watcher.problems.size() == 3);
  CHECK(watcher.problems[0].find("maximum age: 'old'") != std::string::npos);
  watcher.filter->Tick(kTestNow + 300);
  CHECK(watcher.host.Submitted(0).result.lines[0].message == "eventlog found no records");
}

}  // namespace
}  // namespace nscp::checks
