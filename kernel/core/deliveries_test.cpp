#include "kernel/core/deliveries.h"

#include <doctest/doctest.h>

#include "kernel/broker/idle_link.h"

namespace nscp::kernel {
namespace {

constexpr std::chrono::seconds kPatience{10};

// Takes what is delivered and answers when told to.
class ReaderLink final : public IdleLink {
 public:
  std::shared_ptr<PendingCall> DeliverEvents(
      v1::DeliverEventsRequest request, const Options&,
      Done<v1::DeliverEventsResponse> done) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    events_.push_back(std::move(request));
    done_ = std::move(done);
    changed_.notify_all();
    return std::make_shared<Flight>();
  }
  std::shared_ptr<PendingCall> PushMetrics(const v1::PushMetricsRequest& request,
                                           const Options&,
                                           Done<v1::PushMetricsResponse> done) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    metrics_.push_back(request);
    done_metrics_ = std::move(done);
    changed_.notify_all();
    return std::make_shared<Flight>();
  }

  v1::DeliverEventsRequest Events(size_t index) {
    std::unique_lock<std::mutex> lock(mutex_);
    REQUIRE(changed_.wait_for(lock, kPatience, [&] { return events_.size() > index; }));
    return events_[index];
  }
  v1::PushMetricsRequest Metrics(size_t index) {
    std::unique_lock<std::mutex> lock(mutex_);
    REQUIRE(changed_.wait_for(lock, kPatience, [&] { return metrics_.size() > index; }));
    return metrics_[index];
  }
  size_t rounds() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return metrics_.size();
  }
  void Answer(Status status = Status::Ok()) { Take(done_)(std::move(status), {}); }
  void AnswerMetrics() { Take(done_metrics_)(Status::Ok(), {}); }

 private:
  struct Flight final : PendingCall {
    void Cancel() override {}
  };
  template <typename T>
  T Take(T& from) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(from, nullptr);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<v1::DeliverEventsRequest> events_;
  std::vector<v1::PushMetricsRequest> metrics_;
  Done<v1::DeliverEventsResponse> done_;
  Done<v1::PushMetricsResponse> done_metrics_;
};

struct Agent {
  std::shared_ptr<ReaderLink> link = std::make_shared<ReaderLink>();
  EventRing events;
  MetricsStore metrics;
  std::mutex mutex;
  std::vector<std::string> warnings;
  Deliveries deliveries{{[this]() -> std::vector<Deliveries::Consumer> {
                           return {{"Reader", 7, link, {"system.*"}, true}};
                         },
                         [this](const std::string& text) {
                           const std::lock_guard<std::mutex> lock(mutex);
                           warnings.push_back(text);
                         }},
                        events,
                        metrics};

  Agent() { REQUIRE(deliveries.Start().ok()); }
  void Emit(const std::string& name, int count = 1) {
    for (int i = 0; i < count; ++i) {
      v1::EmitEventsRequest request;
      request.add_events()->set_name(name);
      REQUIRE(events.Emit(request, 1).ok());
    }
  }
  void Publish(double value) {
    v1::Metric metric;
    metric.set_bundle("system");
    metric.set_key("x");
    metric.set_gauge(value);
    REQUIRE(metrics.Set("CheckSystem", {metric}).ok());
    metrics.Publish(1);
  }
};

TEST_CASE("an event goes to who asked for its name, in order, one delivery at a time") {
  Agent agent;
  agent.Emit("logfile:a");
  agent.Emit("system.cpu:a");
  const auto first = agent.link->Events(0);
  REQUIRE(first.events_size() == 1);
  CHECK(first.events(0).name() == "system.cpu:a");
  agent.Emit("system.memory:b");
  agent.Emit("system.process:c");
  agent.link->Answer();
  v1::DeliverEventsRequest rest = agent.link->Events(1);
  if (rest.events_size() == 1) {
    agent.link->Answer();
    rest.MergeFrom(agent.link->Events(2));
  }
  REQUIRE(rest.events_size() == 2);
  CHECK(rest.events(0).name() == "system.memory:b");
  CHECK(rest.events(1).name() == "system.process:c");
}

TEST_CASE("who does not answer loses the oldest events, and is told of") {
  Agent agent;
  agent.Emit("system.first");
  agent.link->Events(0);
  constexpr int kTooMany = 50;
  for (size_t i = 0; i < Deliveries::kMaxWaiting + kTooMany; ++i) {
    agent.Emit("system." + std::to_string(i));
    // The thread must take each before the next: it is the consumer's queue that is full.
    if (i % 100 == 99) std::this_thread::yield();
  }
  agent.link->Answer();
  const auto next = agent.link->Events(1);
  CHECK(next.events_size() == Deliveries::kMaxInOne);
  CHECK(next.events(0).name() != "system.0");
  const std::lock_guard<std::mutex> lock(agent.mutex);
  REQUIRE(!agent.warnings.empty());
  CHECK(agent.warnings[0].find("events") != std::string::npos);
}

TEST_CASE("a failed delivery is told with the module's words and the next one goes out") {
  Agent agent;
  agent.Emit("system.a");
  agent.link->Events(0);
  agent.link->Answer(Status::Internal("out of paper"));
  agent.Emit("system.b");
  CHECK(agent.link->Events(1).events(0).name() == "system.b");
  const std::lock_guard<std::mutex> lock(agent.mutex);
  CHECK(agent.warnings == std::vector<std::string>{"events for Reader: out of paper"});
}

TEST_CASE("each round of metrics is brought to who is idle") {
  Agent agent;
  agent.Publish(1);
  CHECK(agent.link->Metrics(0).metrics(0).gauge() == 1);
  agent.Publish(2);  // the first is not answered yet
  agent.Emit("system.now");
  agent.link->Events(0);  // so the thread has seen the second round
  CHECK(agent.link->rounds() == 1);
  agent.link->AnswerMetrics();
  agent.Emit("system.later");
  agent.link->Answer();
  agent.link->Events(1);
  agent.Publish(3);
  CHECK(agent.link->Metrics(1).metrics(0).gauge() == 3);
}

}  // namespace
}  // namespace nscp::kernel
