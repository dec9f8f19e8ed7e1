#include "workers/check_system/check_system.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>

#include "workers/check_system/check_cpu.h"
#include "workers/check_system/check_uptime.h"
#include "workers/check_system/cpu_collector.h"
#include "workers/check_system/proc_stat.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_system {
namespace {

using checks::FakeCall;
using checks::FakeHost;
using sdk::State;
using Words = std::vector<std::string>;

constexpr char kProcStat[] =
    "cpu  100 10 20 1000 30 4 5 6 0 0\n"
    "cpu0 60 5 10 500 15 2 3 4 0 0\n"
    "cpu2 40 5 10 500 15 2 2 2 0 0\n"
    "intr 12345 0 0\n"
    "ctxt 5\n";

TEST_CASE("the text of /proc/stat gives the ticks of each core") {
  const auto sample = ParseProcStat(kProcStat);
  REQUIRE(sample.ok());
  CHECK(sample->total.user == 110);
  CHECK(sample->total.kernel == 35);
  CHECK(sample->total.idle == 1030);
  REQUIRE(sample->cores.size() == 3);
  CHECK(sample->cores[0].kernel == 19);
  CHECK(sample->cores[1].idle == 0);
  CHECK(sample->cores[2].user == 45);
  CHECK(ParseProcStat("cpu 1 2 3 4")->total.idle == 4);
  CHECK(ParseProcStat("cpu 1 2 3 4\ncpu99999999999 1\ncpux 1\n")->cores.empty());
  for (const char* text : {"", "intr 5\n", "cpu0 1 2 3 4\n"}) {
    CHECK_FALSE(ParseProcStat(text).ok());
  }
  CHECK(*ParseProcUptime("1504800.25 99.0\n") == 1504800.25);
  CHECK(ParseProcUptime("x").status().message() == "Failed to read /proc/uptime");
}

CpuSample SampleOf(uint64_t user, uint64_t kernel, uint64_t idle) {
  CpuSample sample;
  sample.total = {user, kernel, idle};
  sample.cores = {{user, kernel, idle}, {0, 0, user + kernel + idle}};
  return sample;
}

TEST_CASE("load is the share of time between two samples") {
  const CpuLoad load = LoadBetween({100, 50, 1000}, {130, 60, 1060});
  CHECK(load.user == 30);
  CHECK(load.kernel == 10);
  CHECK(load.idle == 60);
  CHECK(LoadBetween({100, 50, 1000}, {100, 50, 1000}).idle == 100);
  CHECK(LoadBetween({100, 50, 1000}, {90, 40, 1010}).idle == 100);
}

TEST_CASE("averages are taken over the window, or over what there is") {
  CpuHistory history;
  history.Add(SampleOf(0, 0, 0));
  CHECK(history.empty());
  history.Add(SampleOf(10, 0, 90));
  history.Add(SampleOf(30, 10, 160));
  history.Add(SampleOf(80, 20, 200));
  CHECK(history.size() == 3);
  CHECK(history.Average(1).total.user == doctest::Approx(50));
  CHECK(history.Average(2).total.user == doctest::Approx(35));
  CHECK(history.Average(2).total.kernel == doctest::Approx(10));
  CHECK(history.Average(36000).total.user == doctest::Approx(80.0 / 3));
  CHECK(history.Average(1).cores.at(1).idle == doctest::Approx(100));
  history.SetCapacity(2);
  CHECK(history.size() == 2);
  CHECK(history.Average(36000).total.user == doctest::Approx(35));
  history.Add(SampleOf(80, 20, 300));
  CHECK(history.size() == 2);
  history.SetCapacity(-5);
  CHECK(history.size() == 1);
}

TEST_CASE("a core that appears later is averaged over its own time") {
  CpuHistory history;
  CpuSample one;
  one.total = {0, 0, 0};
  history.Add(one);
  one.total = {50, 0, 50};
  history.Add(one);
  history.Add(SampleOf(100, 0, 100));
  history.Add(SampleOf(200, 0, 100));
  const CpuAverages averages = history.Average(10);
  REQUIRE(averages.cores.size() == 2);
  CHECK(averages.total.user == doctest::Approx(200.0 / 3));
  CHECK(averages.cores[0].user == doctest::Approx(50));
}

sdk::CheckResult RunCpu(const Words& arguments) {
  const CpuCheck check;
  return check.Run(
      arguments, checks::Environment(), [] { return Status::Ok(); },
      [](int64_t seconds) {
        const double busy = seconds == 5 ? 10.6 : seconds == 60 ? 85 : 2;
        CpuAverages averages;
        averages.total = {busy - 1, 1, 100 - busy};
        averages.cores.assign(11, {0, 0, 100});
        averages.cores[1] = {2 * busy - 2, 1.4, 0};
        return averages;
      });
}

TEST_CASE("check_cpu judges the windows that it is asked for") {
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{},
       State::kWarning,
       "WARNING: 1m: 85%|'total 5s'=11%;80;90 'total 1m'=85%;80;90 'total 5m'=2%;80;90"},
      {{"time=5s", "time=1h"},
       State::kOk,
       "OK: CPU load is ok.|'total 5s'=11%;80;90 'total 1h'=2%;80;90"},
      {{"time=5s", "warn=load > 50", "crit=load > 70%", "show-all"},
       State::kOk,
       "OK: 5s: 11%|'total 5s'=11%;50;70"},
      {{"time=5s", "warning=none", "critical=none", "perf-config=extra(load)"},
       State::kOk,
       "OK: CPU load is ok.|'total 5s'=11%;0;0"},
      {{"time=5s", "warn=load > 80 or kernel > 10", "crit=none"},
       State::kOk,
       "OK: CPU load is ok.|'total 5s_kernel'=1;10;0 'total 5s'=11%;80;0"},
      {{"time=1m", "crit=user > 5", "warn=none", "perf-syntax=%(core_id)"},
       State::kCritical,
       "CRITICAL: 1m: 85%|'total_user'=84%;0;5"},
      {{"time=5s", "filter=core = 'core 1'", "top-syntax=%(list)",
        "detail-syntax=%(core) %(core_id) %(load) %(user) %(system) %(idle)", "warn=none",
        "crit=none"},
       State::kOk,
       "core 1 core_1 21 19 1 0"},
      {{"time=5s", "cores", "warn=none", "crit=none", "top-syntax=%(list)",
        "detail-syntax=%(core)", "list-separator=/"},
       State::kOk,
       "core 0/core 1/core 10/core 2/core 3/core 4/core 5/core 6/core 7/core 8/core "
       "9/total"},
      {{"time=5s", "warn=load>80k"},
       State::kOk,
       "OK: CPU load is ok.|'total 5s'=11%;80;90"},
      {{"time=3000foobar"},
       State::kUnknown,
       "Invalid time '3000foobar': Invalid time specification: '3000foobar'"},
      {{"time=0s"},
       State::kUnknown,
       "Invalid time '0s': Invalid time specification: '0s'"},
  };
  for (const auto& row : rows) {
    const auto result = RunCpu(row.arguments);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
  CHECK(RunCpu({"cores=1"})
            .lines[0]
            .message.rfind(
                "Invalid command line: option '--cores' does not take any arguments\n",
                0) == 0);
  const std::string defaults = RunCpu({"show-default"}).lines[0].message;
  CHECK(defaults.rfind("\"filter=core = 'total'\" \"warning=load > 80\" "
                       "\"critical=load > 90\" \"empty-state=ignored\" ",
                       0) == 0);
}

sdk::CheckResult RunUptime(const Words& arguments, const Result<double>& uptime) {
  const UptimeCheck check;
  checks::Environment environment;
  environment.now = 1704441600 + 1504800;  // 2024-01-05 08:00:00 and 2w 3d 10h
  return check.Run(arguments, environment, uptime, *checks::TimeZone::Parse("utc"));
}

TEST_CASE("check_uptime prints and judges the time since the start") {
  const struct {
    Words arguments;
    double uptime;
    State state;
    const char* text;
  } rows[] = {
      {{},
       1504800.9,
       State::kOk,
       "OK: uptime: 2w 3d 10:00h, boot: 2024-01-05 08:00:00 "
       "(utc)|'uptime'=1504800s;172800;86400"},
      {{"max-unit=d", "detail-syntax=%(uptime)"},
       1504800,
       State::kOk,
       "OK: 17d 10:00|'uptime'=1504800s;172800;86400"},
      {{"detail-syntax=%(uptime)"},
       100000,
       State::kWarning,
       "WARNING: 1d 03:46|'uptime'=100000s;172800;86400"},
      {{"detail-syntax=%(uptime)", "crit=uptime < 30m", "warn=none"},
       1000,
       State::kCritical,
       "CRITICAL: 0:16|'uptime'=1000s;0;1800"},
      {{"warn=none", "crit=boot > -2h", "detail-syntax=x"},
       7000,
       State::kCritical,
       "CRITICAL: x|'uptime_boot'=1705939400;0;1705939200"},
      {{"max-unit=y"},
       1,
       State::kUnknown,
       "Invalid time unit: 'y' (expected one of s|m|h|d|w)"},
  };
  for (const auto& row : rows) {
    const auto result = RunUptime(row.arguments, row.uptime);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
  const auto failed = RunUptime({}, Status::Unavailable("Failed to read /proc/uptime"));
  CHECK(failed.lines[0].message == "Failed to read /proc/uptime");
}

// Counts up by fixed steps; the second and all later reads wait until the gate is open.
class GatedSource : public CpuSource {
 public:
  explicit GatedSource(std::shared_future<void> gate) : gate_(std::move(gate)) {}
  Result<CpuSample> Read() override {
    if (++reads_ > 1) gate_.wait();
    return SampleOf(25 * reads_, 25 * reads_, 50 * reads_);
  }

 private:
  const std::shared_future<void> gate_;
  uint64_t reads_ = 0;
};

class BrokenSource : public CpuSource {
 public:
  Result<CpuSample> Read() override { return Status::Unavailable("it is broken"); }
};

TEST_CASE("the collector has figures soon after its start, none before, no old ones") {
  std::promise<void> gate;
  std::atomic<int64_t> seconds{0};
  CpuCollector collector(std::make_unique<GatedSource>(gate.get_future().share()), [&] {
    return CpuCollector::Clock::time_point() + std::chrono::seconds(seconds);
  });
  const auto now = [] { return CpuCollector::Clock::now(); };
  CHECK(collector.WaitForData(now()).message() == "CPU collector not initialized");
  collector.Start();
  CHECK(collector.WaitForData(now()).message() ==
        "No CPU data available yet (collector still initializing)");
  gate.set_value();
  REQUIRE(collector.WaitForData(now() + std::chrono::seconds(30)).ok());
  CHECK(collector.Average(300).total.user == doctest::Approx(25));
  collector.Stop();
  CHECK(collector.WaitForData(now()).message() == "CPU collector not initialized");
}

// Two good reads, then none ever again until the gate opens.
class StoppingSource : public CpuSource {
 public:
  explicit StoppingSource(std::shared_future<void> gate) : gate_(std::move(gate)) {}
  Result<CpuSample> Read() override {
    if (++reads_ > 2) gate_.wait();
    return SampleOf(reads_, reads_, reads_);
  }

 private:
  const std::shared_future<void> gate_;
  uint64_t reads_ = 0;
};

TEST_CASE("figures that are too old are not given out as new") {
  std::promise<void> gate;
  std::atomic<int64_t> seconds{0};
  CpuCollector collector(
      std::make_unique<StoppingSource>(gate.get_future().share()),
      [&] { return CpuCollector::Clock::time_point() + std::chrono::seconds(seconds); });
  collector.Start();
  const auto until = CpuCollector::Clock::now() + std::chrono::seconds(30);
  CHECK(collector.WaitForData(until).ok());
  seconds = 60;
  CHECK(collector.WaitForData(until).message().find("60 seconds old") !=
        std::string::npos);
  gate.set_value();
}

TEST_CASE("a collector that cannot read says why at once") {
  CpuCollector collector(std::make_unique<BrokenSource>());
  collector.Start();
  const Status status =
      collector.WaitForData(CpuCollector::Clock::now() + std::chrono::seconds(30));
  CHECK(status.message() == "No CPU data available: it is broken");
}

TEST_CASE("the module answers from the live system") {
  FakeHost host;
  FakeCall call;
  const auto module = MakeCheckSystem();
  sdk::StartContext context;
  context.host = &host;
  context.settings =
      sdk::Settings({{"/settings/system/unix", "timezone", "nonsense"},
                     {"/settings/system/unix", "default buffer length", "long"}});
  REQUIRE(module->Start(context).ok());
  CHECK(host.log.size() == 2);
  const auto cpu = module->OnQuery({"check_cpu", {"warn=none", "crit=none"}}, call);
  CHECK(sdk::FormatPlain(cpu) == "OK: CPU load is ok.");
  const auto uptime = module->OnQuery({"check_uptime", {"warn=none", "crit=none"}}, call);
  CHECK(uptime.state == State::kOk);
  CHECK(uptime.lines[0].message.find("(local)") != std::string::npos);
  CHECK(module->OnQuery({"check_other", {}}, call).state == State::kUnknown);
  REQUIRE(module->Reload(sdk::Settings()).ok());
  module->Stop();
}

TEST_CASE("without a start there is no collector, but the help is there") {
  FakeHost host;
  FakeCall call;
  const auto module = MakeCheckSystem();
  sdk::StartContext context;
  context.host = &host;
  context.no_start = true;
  REQUIRE(module->Start(context).ok());
  CHECK(module->OnQuery({"check_cpu", {}}, call).lines[0].message ==
        "CPU collector not initialized");
  CHECK(module->OnQuery({"check_cpu", {"help"}}, call).state == State::kOk);
  module->Stop();
}

}  // namespace
}  // namespace nscp::check_system
