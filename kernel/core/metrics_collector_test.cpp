#include "kernel/core/metrics_collector.h"

#include <doctest/doctest.h>

#include <optional>

#include "kernel/broker/idle_link.h"
#include "proto/cpp/metric_path.h"

namespace nscp::kernel {
namespace {

constexpr MetricsCollector::Ms kShort{20};  // a round's wait for who does not answer

// A worker that is asked for figures, answers at once or never, and counts.
class FiguresLink final : public IdleLink {
 public:
  std::shared_ptr<PendingCall> FetchMetrics(
      const Options&, Done<v1::FetchMetricsResponse> done) override {
    ++asked;
    if (silent) {
      waiting = std::move(done);
      return nullptr;
    }
    done(status, response);
    return nullptr;
  }

  int asked = 0;
  bool silent = false;
  Status status;
  v1::FetchMetricsResponse response;
  Done<v1::FetchMetricsResponse> waiting;
};

struct House {
  std::shared_ptr<FiguresLink> link = std::make_shared<FiguresLink>();
  bool is_loaded = true;
  std::string interval = "10s";
  std::vector<std::string> warnings;
  MetricsStore store;
  MetricsCollector collector{{[this] { return Workers(); }, [this] { return interval; },
                              [this](const std::string& m) { warnings.push_back(m); }},
                             store};

  House() { Give("system.cpu", 12); }
  void Give(const std::string& bundle, double value) {
    v1::Metric& metric = *link->response.add_metrics();
    metric.set_bundle(bundle);
    metric.set_key("x");
    metric.set_gauge(value);
  }
  std::vector<MetricsCollector::Worker> Workers() const {
    if (!is_loaded) return {};
    MetricsCollector::Worker worker;
    worker.facts.info.set_id("Given");
    worker.facts.info.set_incarnation(7);
    worker.link = link;
    return {worker};
  }
  // The value at a path; nothing where there is none.
  std::optional<double> At(const std::string& path) const {
    const v1::MetricsSnapshotResponse snapshot = store.Snapshot();
    for (const v1::Metric& metric : snapshot.metrics()) {
      if (MetricPath(metric) == path) return metric.gauge();
    }
    return std::nullopt;
  }
};

TEST_CASE("a round shows the worker's figures and the host's") {
  House house;
  house.Give("workers", 1);
  house.Give("workers.a", 1);
  CHECK(house.store.Snapshot().time_ms() == 0);
  house.collector.Collect(kShort);
  CHECK(house.At("system.cpu.x") == 12);
  CHECK(house.At("workers.Given.metrics_up") == 1);
  CHECK(house.store.Snapshot().time_ms() > 0);
  CHECK(house.warnings.empty());
  // What it says about workers is not its business.
  CHECK_FALSE(house.At("workers.x"));
  CHECK_FALSE(house.At("workers.a.x"));
}

TEST_CASE("who fails has no figures, neither old ones, and is told of once") {
  House house;
  house.collector.Collect(kShort);
  house.link->status = Status::Internal("out of paper");
  house.collector.Collect(kShort);
  house.collector.Collect(kShort);
  CHECK_FALSE(house.At("system.cpu.x"));
  CHECK(house.At("workers.Given.metrics_up") == 0);
  CHECK(house.warnings == std::vector<std::string>{"metrics of Given: out of paper"});
  house.link->status = Status::Ok();
  house.collector.Collect(kShort);
  CHECK(house.At("system.cpu.x") == 12);
}

TEST_CASE("who does not answer is not asked again before it has") {
  House house;
  house.link->silent = true;
  house.collector.Collect(kShort);
  house.collector.Collect(kShort);
  CHECK(house.link->asked == 1);
  CHECK(house.At("workers.Given.metrics_up") == 0);
  house.link->silent = false;
  house.link->waiting(Status::Ok(), house.link->response);
  house.collector.Collect(kShort);
  CHECK(house.link->asked == 2);
  CHECK(house.At("system.cpu.x") == 12);
}

TEST_CASE("an answer that comes when the collector has gone is for nobody") {
  Link::Done<v1::FetchMetricsResponse> late;
  {
    House house;
    house.link->silent = true;
    house.collector.Collect(kShort);
    late = house.link->waiting;
  }
  late(Status::Ok(), {});
}

TEST_CASE("a worker that was unloaded leaves no figures") {
  House house;
  house.collector.Collect(kShort);
  house.is_loaded = false;
  house.collector.Collect(kShort);
  CHECK_FALSE(house.At("system.cpu.x"));
  CHECK_FALSE(house.At("workers.Given.up"));
  CHECK(house.At("workers.jobs") == 0);
}

}  // namespace
}  // namespace nscp::kernel
