#include "workers/check_system/collector.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <utility>

#include "workers/check_system/proc_stat.h"

namespace nscp::check_system {
namespace {

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

// Only the processors can be read.
Sources OnlyCpu(std::function<Result<CpuSample>()> cpu) {
  const Status none = Status::Unavailable("nothing to read");
  return {std::move(cpu), [none] { return none; }, [none] { return none; },
          [none] { return none; }};
}

// Counts up by fixed steps; all reads after the first `free` ones wait for the gate.
std::function<Result<CpuSample>()> Gated(std::shared_future<void> gate, uint64_t free) {
  return [gate, free, reads = uint64_t{0}]() mutable -> Result<CpuSample> {
    if (++reads > free) gate.wait();
    return SampleOf(25 * reads, 25 * reads, 50 * reads);
  };
}

Collector::Clock::time_point Soon() {
  return Collector::Clock::now() + std::chrono::seconds(30);
}

TEST_CASE("the collector has figures soon after its start, none before") {
  std::promise<void> gate;
  Collector collector(OnlyCpu(Gated(gate.get_future().share(), 1)));
  const auto now = [] { return Collector::Clock::now(); };
  CHECK(collector.WaitForCpu(now()).message() == "CPU collector not initialized");
  CHECK(collector.WaitForPair("network", now()).status().message() ==
        "Network collector not initialized");
  collector.Start();
  CHECK(collector.WaitForCpu(now()).message() ==
        "No CPU data available yet (collector still initializing)");
  CHECK(collector.WaitForPair("network", now()).status().message() ==
        "No network data available yet (collector still initializing)");
  gate.set_value();
  REQUIRE(collector.WaitForCpu(Soon()).ok());
  CHECK(collector.Average(300).total.user == doctest::Approx(25));
  collector.Stop();
  CHECK(collector.WaitForCpu(now()).message() == "CPU collector not initialized");
  CHECK((collector.Fresh() == nullptr));
}

TEST_CASE("figures that are too old are not given out as new") {
  std::promise<void> gate;
  std::atomic<int64_t> seconds{0};
  Collector collector(OnlyCpu(Gated(gate.get_future().share(), 2)), [&] {
    return Collector::Clock::time_point() + std::chrono::seconds(seconds);
  });
  collector.Start();
  CHECK(collector.WaitForCpu(Soon()).ok());
  CHECK(collector.WaitForPair("network", Soon()).ok());
  CHECK((collector.Fresh() != nullptr));
  seconds = 2;
  CHECK((collector.Fresh() == nullptr));
  CHECK(collector.WaitForPair("network", Soon()).ok());
  seconds = 60;
  CHECK(collector.WaitForCpu(Soon()).message() ==
        "The newest CPU data is 60 seconds old: the collector hangs");
  CHECK(collector.WaitForPair("network", Soon()).status().message() ==
        "The newest network data is 60 seconds old: the collector hangs");
  gate.set_value();
}

TEST_CASE("a collector that cannot read says why at once, and reads what it can") {
  Sources sources =
      OnlyCpu([]() -> Result<CpuSample> { return Status::Unavailable("it is broken"); });
  sources.paging = [reads = uint64_t{0}]() mutable -> Result<PagingCounters> {
    return PagingCounters{0, 0, 0, ++reads};
  };
  Collector collector(std::move(sources));
  std::promise<bool> heard;
  collector.SetListener([&, told = false](const Sample& sample) mutable {
    if (!std::exchange(told, true)) heard.set_value(sample.paging.ok());
  });
  collector.Start();
  CHECK(collector.WaitForCpu(Soon()).message() == "No CPU data available: it is broken");
  const auto pair = collector.WaitForPair("paging", Soon());
  REQUIRE(pair.ok());
  REQUIRE(pair->before->paging.ok());
  CHECK(pair->after->paging->swapped_out == pair->before->paging->swapped_out + 1);
  CHECK(pair->after->cpu.status().message() == "it is broken");
  CHECK(pair->after->at > pair->before->at);
  auto told = heard.get_future();
  REQUIRE(told.wait_for(std::chrono::seconds(30)) == std::future_status::ready);
  CHECK(told.get());
}

}  // namespace
}  // namespace nscp::check_system
