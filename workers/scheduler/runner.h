// Runs schedules when they are due: one thread looks at the timetable, a few run what is
// due and submit what came of it. A schedule runs once at a time: what comes due
// meanwhile is left out and told.
//
// Owned by the module; Start, Replace, Drain and Stop one at a time, figures from any
// thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "workers/scheduler/timetable.h"
#include "workers/sdk/module.h"

namespace nscp::scheduler {

class Runner {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr size_t kMaxThreads = 100;
  // Where what is due waits longer than kLag, a thread is added, up to so many.
  static constexpr size_t kMaxAddedTo = 10;
  static constexpr std::chrono::seconds kLag{5};
  static constexpr std::chrono::minutes kReadyLimit{2};
  static constexpr std::chrono::minutes kRunLimit{5};
  static constexpr std::chrono::seconds kSubmitLimit{30};

  struct Work {
    std::vector<Schedule> schedules;
    checks::TimeZone zone;
    std::chrono::milliseconds startup_window{0};
    size_t threads = 5;
  };

  // `host` outlives it.
  explicit Runner(sdk::Host& host) : host_(host) {}
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // Nothing runs before all modules have started.
  void Start();
  // From now on these; what runs goes on.
  void Replace(Work work);
  // Starts nothing new and waits at most `limit` for what runs.
  void Drain(std::chrono::milliseconds limit);
  void Stop();

  struct Figures {
    size_t jobs = 0;
    uint64_t submitted = 0;  // results that were taken
    uint64_t errors = 0;     // results that were not, and runs that were left out
    size_t threads = 0;
    size_t queue = 0;
    double average_ms = 0;  // of a run
    double rate = 0;        // runs a second since the start
  };
  Figures figures() const;

 private:
  // One set of schedules; runs of an older set may go on.
  struct Set {
    Work work;
    std::unique_ptr<std::atomic<bool>[]> busy;  // queued or running, by schedule
  };
  struct Due {
    std::shared_ptr<const Set> set;
    size_t index = 0;
    Clock::time_point since;
  };

  void Watch();
  void Enqueue(const std::shared_ptr<const Set>& set, const std::vector<size_t>& due);
  void AddThreadsLocked(size_t wanted);
  void WorkLoop();
  void RunOne(const Due& due);
  void Report(const Schedule& schedule, sdk::CheckResult result);

  sdk::Host& host_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<const Set> set_;
  uint64_t generation_ = 0;  // of set_
  std::deque<Due> queue_;    // at most one entry for each schedule of a set
  size_t running_ = 0;
  bool draining_ = false;
  bool stopping_ = false;
  Clock::time_point started_;
  uint64_t runs_ = 0;
  Clock::duration spent_{0};
  std::atomic<uint64_t> submitted_{0};
  std::atomic<uint64_t> errors_{0};
  std::vector<std::thread> threads_;
  std::thread watch_;
};

}  // namespace nscp::scheduler
