#include "workers/check_system/system_realtime.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <condition_variable>

#include "workers/check_system/settings_root.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_system {
namespace {

const std::string kCpu = SettingsPath("real-time/cpu/f");
const std::string kMemory = SettingsPath("real-time/memory/f");
const std::string kProcess = SettingsPath("real-time/process/f");

// A host whose messages can be waited for.
class TellingHost final : public checks::FakeHost {
 public:
  sdk::SubmitAnswer Submit(const sdk::Submission& submission,
                           std::chrono::milliseconds limit) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    changed_.notify_all();
    return FakeHost::Submit(submission, limit);
  }
  // The first message, or "-" where `fired` tells that there is none.
  std::string Told(const SystemRealtime& realtime) {
    std::vector<sdk::Metric> metrics;
    realtime.AddMetrics(metrics);
    const bool has_fired =
        std::any_of(metrics.begin(), metrics.end(), [](const sdk::Metric& metric) {
          return metric.key == "f.fired" && std::get<double>(metric.value) > 0;
        });
    if (!has_fired) return "-";
    std::unique_lock<std::mutex> lock(mutex_);
    REQUIRE(changed_.wait_for(lock, std::chrono::seconds(10),
                              [this] { return !submitted.empty(); }));
    return submitted[0].result.lines[0].message;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

using Keys = std::vector<std::pair<const char*, const char*>>;

sdk::Settings MakeSettings(const std::string& path, const Keys& keys) {
  std::vector<sdk::Settings::Entry> entries;
  for (const auto& [key, value] : keys) entries.push_back({path, key, value});
  return sdk::Settings(std::move(entries));
}

checks::TimeZone Utc() { return checks::TimeZone::Parse("utc").value_or({}); }

Process Running(const char* exe) {
  Process process;
  process.exe = exe;
  process.letter = 'S';
  process.pid = 5;
  process.user_ticks = 300;
  process.elapsed = 60;
  return process;
}

TEST_CASE("what real-time filters tell of new figures") {
  const struct {
    std::string path;
    Keys keys;
    const char* told;
  } rows[] = {
      {kCpu, {{"filter", "core = 'total'"}}, "OK: 1m: 60%"},
      {kCpu, {{"critical", "load > 50"}, {"times", "5s,1m"}}, "CRITICAL: 1m: 60%"},
      {kCpu, {{"filter", "load > 50"}, {"time", "5s"}}, "-"},
      {kCpu, {{"filter", "core = 'core 0'"}, {"time", "5s"}}, "OK: 5s: 7%"},
      {kMemory, {{"warning", "used > 50%"}}, "WARNING: physical = 3GB"},
      {kMemory, {{"filter", "used > 50%"}, {"type", "swap"}}, "-"},
      {kMemory,
       {{"filter", "size > 1g"}, {"types", "swap, physical"}},
       "OK: physical = 3GB, swap = 0B"},
      {kProcess, {{"filter", "state = 'started'"}}, "OK: cron=started, SH=started"},
      {kProcess, {{"filter", "state = 'started'"}, {"process", "sh"}}, "OK: SH=started"},
      {kProcess,
       {{"filter", "state = 'stopped'"}, {"process", "sh,gone"}},
       "OK: gone=stopped"},
      {kProcess,
       {{"filter", "time > 2"},
        {"process", "cron"},
        {"detail syntax", "${exe} ${time} ${creation} ${elapsed}"}},
       "OK: cron 3 1970-01-01 00:15:40 60"},
      {kProcess, {{"filter", "state = 'stopped'"}, {"process", "sh"}}, "-"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.told);
    TellingHost host;
    SystemRealtime realtime(&Utc, Platform::kUnix);
    realtime.Configure(MakeSettings(row.path, row.keys), &host, 1000);
    realtime.OnCpu(
        [](int64_t seconds) {
          CpuAverages averages;
          const double busy = seconds == 60 ? 60 : 5;
          averages.total = {busy, 0, 100 - busy};
          averages.cores.assign(1, {busy, 2, 98 - busy});
          return averages;
        },
        1000);
    Memory physical;
    physical.type = "physical";
    physical.total = int64_t{4} << 30;
    physical.free = int64_t{1} << 30;
    Memory swap;
    swap.type = "swap";
    swap.total = swap.free = int64_t{2} << 30;
    realtime.OnMemory({physical, swap}, 1000);
    realtime.OnProcesses({Running("cron"), Running("SH")}, 100, 1000);
    CHECK(host.Told(realtime) == row.told);
    realtime.Stop();
    realtime.OnMemory({physical}, 1001);
  }
}

TEST_CASE("of processes is read what filters look at") {
  const struct {
    Keys keys;
    bool command_line;
    bool details;
  } rows[] = {
      {{{"filter", "state = 'stopped'"}, {"destination", "NSCA"}}, false, false},
      {{{"filter", "command_line like 'x'"}}, true, false},
      {{{"filter", "pid > 1"}, {"detail syntax", "${uid}"}}, false, true},
      {{{"filter", "pid > 1"}, {"destination", "event"}}, true, true},
  };
  for (const auto& row : rows) {
    TellingHost host;
    SystemRealtime realtime(&Utc, Platform::kUnix);
    CHECK_FALSE(realtime.process_needs().any);
    realtime.Configure(MakeSettings(kProcess, row.keys), &host, 1000);
    CHECK(realtime.process_needs().any);
    CHECK(realtime.process_needs().command_line == row.command_line);
    CHECK(realtime.process_needs().details == row.details);
  }
}

TEST_CASE("what is wrong with real-time filters is logged") {
  const struct {
    std::string path;
    Keys keys;
    const char* text;
  } rows[] = {
      {kCpu, {{"filter", "nosuch > 1"}}, "real-time/cpu: filter f does not run: "},
      {kCpu, {{"time", "soon"}}, "real-time/cpu, filter f, time: 'soon' is no time"},
      {kMemory, {{"type", "nosuch"}}, "filter f: not all of these are a type of memory"},
      {kMemory, {{"severity", "bad"}}, "'bad' is no state"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    TellingHost host;
    SystemRealtime realtime(&Utc, Platform::kUnix);
    realtime.Configure(MakeSettings(row.path, row.keys), &host, 1000);
    realtime.OnMemory({}, 1000);
    realtime.OnMemory({}, 1001);
    const auto with_text =
        std::count_if(host.log.begin(), host.log.end(), [&](const auto& line) {
          return line.second.find(row.text) != std::string::npos;
        });
    CHECK(with_text == 1);
  }
}

}  // namespace
}  // namespace nscp::check_system
