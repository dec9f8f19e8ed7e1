#include "kernel/core/worker_figures.h"

#include <doctest/doctest.h>

#include "proto/cpp/metric_path.h"

namespace nscp::kernel {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

WorkerFacts Dead() {
  WorkerFacts worker;
  worker.info.set_id("disk");
  worker.info.set_state(v1::BACKOFF);
  worker.info.set_restarts(2);
  auto* end = worker.info.add_ends();
  end->set_signal(9);
  end->set_ended_ms(1500);
  end->set_reason("was killed by signal 9");
  worker.gave_metrics = false;
  return worker;
}

const v1::Metric* Find(const std::vector<v1::Metric>& all, const std::string& path) {
  for (const v1::Metric& metric : all) {
    if (MetricPath(metric) == path) return &metric;
  }
  return nullptr;
}

TEST_CASE("a worker that died says how, and shows nothing of a process") {
  const auto all = WorkerFigures({Dead()}, 10);
  const auto number = [&](const std::string& key) {
    const v1::Metric* metric = Find(all, "workers.disk." + key);
    REQUIRE_MESSAGE(metric != nullptr, key);
    return metric->has_counter() ? metric->counter() : metric->gauge();
  };
  CHECK(number("up") == 0);
  CHECK(number("state.backoff") == 1);
  CHECK(number("state.running") == 0);
  CHECK(number("restarts") == 2);
  CHECK(number("last_exit_code") == 137);
  CHECK(number("last_exit_time_seconds") == 1.5);
  CHECK(number("metrics_up") == 0);
  CHECK(Find(all, "workers.disk.last_exit_reason")->text() == "was killed by signal 9");
  CHECK(Find(all, "workers.disk.resident_memory_bytes") == nullptr);
  CHECK(Find(all, "workers.refresh_interval")->gauge() == 10);
}

TEST_CASE("sums are over all workers, and who gives no metrics is not blamed") {
  std::vector<WorkerFacts> workers(2);
  workers[0].info.set_id("a");
  workers[0].info.set_state(v1::RUNNING);
  workers[0].load = {1, 2, 30, 4, 16, {}};
  workers[1].info.set_id("b");
  workers[1].load = {1, 0, 5, 1, 0, {}};
  const auto all = WorkerFigures(workers, 1);
  CHECK(Find(all, "workers.jobs")->gauge() == 4);
  CHECK(Find(all, "workers.submitted")->counter() == 35);
  CHECK(Find(all, "workers.errors")->counter() == 5);
  CHECK(Find(all, "workers.threads")->gauge() == 16);
  CHECK(Find(all, "workers.a.up")->gauge() == 1);
  CHECK(Find(all, "workers.b.calls")->counter() == 5);
  CHECK(Find(all, "workers.a.metrics_up") == nullptr);
}

TEST_CASE("a call's time falls into the first range whose bound it does not pass") {
  WorkerFacts worker;
  worker.info.set_id("a");
  worker.load.times.Add(microseconds(500));
  worker.load.times.Add(microseconds(501));
  worker.load.times.Add(milliseconds(600000));
  const auto all = WorkerFigures({worker}, 10);
  const v1::MetricHistogram& histogram =
      Find(all, "workers.a.call_duration_seconds")->histogram();
  REQUIRE(histogram.counts_size() == histogram.bounds_size() + 1);
  CHECK(histogram.bounds(0) == 0.0005);
  CHECK(histogram.counts(0) == 1);
  CHECK(histogram.counts(1) == 1);
  CHECK(histogram.counts(histogram.bounds_size()) == 1);
  CHECK(histogram.sum() == doctest::Approx(600.001001));
}

}  // namespace
}  // namespace nscp::kernel
