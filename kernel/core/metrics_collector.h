// Collects the metrics of all workers, and the host's own about them, every `metrics
// interval` on a thread of its own.
//
// A round asks all workers at the same time and waits for them at most kFetchLimit; a
// worker that has not answered the last question gets no further one. Who gives no
// answer has no figures in the snapshot, old ones neither, and `metrics_up` 0: a gap is a
// gap.
//
// Owned by the kernel. Start and Stop: the owner's thread; LookAgain: any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "kernel/broker/link.h"
#include "kernel/core/worker_figures.h"
#include "kernel/telemetry/metrics.h"

namespace nscp::kernel {

class MetricsCollector {
 public:
  using Clock = std::chrono::steady_clock;
  using Ms = std::chrono::milliseconds;

  static constexpr Ms kDefaultInterval{10000};
  static constexpr Ms kShortestInterval{1000};
  static constexpr Ms kLongestInterval{3600000};
  // The first round comes so soon that a start shows figures, and late enough for the
  // modules to have some.
  static constexpr Ms kFirstRound{1000};
  static constexpr Ms kFetchLimit{5000};
  // gRPC tells a deadline a little after it.
  static constexpr Ms kLandingGrace{250};

  struct Worker {
    WorkerFacts facts;
    std::shared_ptr<Link> link;  // null: not asked for figures of its own
  };
  struct Sources {
    std::function<std::vector<Worker>()> workers;
    std::function<std::string()> interval;  // as the settings have it
    std::function<void(const std::string& message)> warn;
  };

  // `store` outlives it.
  MetricsCollector(Sources sources, MetricsStore& store);
  ~MetricsCollector();
  MetricsCollector(const MetricsCollector&) = delete;
  MetricsCollector& operator=(const MetricsCollector&) = delete;

  void Start();
  void Stop();  // for good; takes back what is asked
  // The settings may have changed.
  void LookAgain();
  // One round: collects and publishes. Called by the thread, and by tests without one.
  void Collect(Ms interval);

 private:
  // What came back. Shared with the calls in flight, which may outlive the collector.
  struct Mail {
    std::mutex mutex;
    std::condition_variable changed;
    bool stopping = false;
    std::map<uint64_t, Result<v1::FetchMetricsResponse>> landed;  // by incarnation
  };
  using Landed = std::map<uint64_t, Result<v1::FetchMetricsResponse>>;

  void Run();
  Ms Interval();
  void ForgetLate();
  void Ask(const Worker& worker, Clock::time_point deadline);
  Landed Await(Clock::time_point deadline);
  Status Keep(const std::string& slot, v1::FetchMetricsResponse response);
  void Tell(const std::string& slot, const std::string& problem);

  const Sources sources_;
  MetricsStore& store_;
  const std::shared_ptr<Mail> mail_ = std::make_shared<Mail>();
  // Of the collecting thread alone.
  std::map<uint64_t, std::shared_ptr<PendingCall>> in_flight_;  // by incarnation
  std::set<std::string> kept_;                   // slots with figures in the store
  std::map<std::string, std::string> problems_;  // what was told last
  std::string bad_interval_;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool look_again_ = false;
  std::thread thread_;
};

}  // namespace nscp::kernel
