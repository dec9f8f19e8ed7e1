// Brings events and metrics to the modules that asked for them in their manifests
// (event_patterns, consumes_metrics), on a thread of its own.
//
// Each consumer gets one delivery of a kind at a time. Events wait for it meanwhile, at
// most kMaxWaiting of them: who is slow loses the oldest, and the log says how many. Of
// metrics only a round that finds it idle is brought.
//
// Owned by the kernel; Start and Stop: the owner's thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "kernel/broker/link.h"
#include "kernel/telemetry/events.h"
#include "kernel/telemetry/metrics.h"

namespace nscp::kernel {

class Deliveries {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr size_t kMaxWaiting = 1000;        // events for one consumer
  static constexpr int kMaxInOne = 100;              // events of one delivery
  static constexpr std::chrono::seconds kLimit{30};  // of one delivery

  struct Consumer {
    std::string slot;
    uint64_t incarnation = 0;
    std::shared_ptr<Link> link;
    std::vector<std::string> patterns;
    bool wants_metrics = false;
  };
  struct Sources {
    std::function<std::vector<Consumer>()> consumers;  // those that run now
    std::function<void(const std::string& message)> warn;
  };

  // Both outlive it.
  Deliveries(Sources sources, EventRing& events, MetricsStore& metrics);
  ~Deliveries();
  Deliveries(const Deliveries&) = delete;
  Deliveries& operator=(const Deliveries&) = delete;

  Status Start();
  void Stop();  // for good; takes back what is on its way

 private:
  using EventPtr = std::shared_ptr<const v1::Event>;
  // What is on its way to one consumer, and what waits for it.
  struct Lane {
    std::shared_ptr<Link> link;
    std::string slot;
    std::deque<EventPtr> waiting;
    uint64_t lost = 0;
    std::shared_ptr<PendingCall> events_call, metrics_call;
  };
  // Shared with the calls in flight, which may outlive this.
  struct Mail {
    std::mutex mutex;
    std::condition_variable changed;
    bool stopping = false;
    std::deque<EventPtr> events;
    uint64_t overrun = 0;  // events that were lost before anybody looked at them
    std::shared_ptr<const v1::PushMetricsRequest> metrics;
    struct Landed {
      uint64_t incarnation = 0;
      bool is_metrics = false;
      Status status;
    };
    std::vector<Landed> landed;
  };

  void Run();
  void Sort(const std::deque<EventPtr>& events, const std::vector<Consumer>& consumers);
  void SendEvents(uint64_t incarnation, Lane& lane);
  void SendMetrics(uint64_t incarnation, Lane& lane,
                   const v1::PushMetricsRequest& metrics);
  void Settle(const std::vector<Mail::Landed>& landed);

  const Sources sources_;
  EventRing& events_;
  MetricsStore& metrics_;
  const std::shared_ptr<Mail> mail_ = std::make_shared<Mail>();
  std::map<uint64_t, Lane> lanes_;  // by incarnation; of the thread alone
  std::unique_ptr<Watch> event_watch_, metrics_watch_;
  std::thread thread_;
};

}  // namespace nscp::kernel
