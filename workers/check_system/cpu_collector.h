// Samples the processors once a second on a thread of its own, from Start to Stop, and
// answers with averages. Owned by the module. Average and SetCapacity: any thread; Start
// and Stop: one at a time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "workers/check_system/cpu_history.h"

namespace nscp::check_system {

class CpuCollector {
 public:
  using Clock = std::chrono::steady_clock;

  // The first pair of samples is taken close together, so that there are figures soon.
  static constexpr std::chrono::milliseconds kFirstInterval{150};
  static constexpr std::chrono::milliseconds kInterval{1000};
  // Figures older than this are not given out as if they were of now.
  static constexpr std::chrono::seconds kMaxAge{10};

  // `now` tells how old the figures are.
  explicit CpuCollector(std::unique_ptr<CpuSource> source,
                        std::function<Clock::time_point()> now = &Clock::now);
  ~CpuCollector();
  CpuCollector(const CpuCollector&) = delete;
  CpuCollector& operator=(const CpuCollector&) = delete;

  void Start();
  void Stop();
  void SetCapacity(int64_t seconds);

  // Waits until there are figures, but not beyond `until`. Errors: not started, no
  // figures yet, figures too old.
  Status WaitForData(Clock::time_point until);
  // After WaitForData.
  CpuAverages Average(int64_t seconds);

 private:
  void Run();
  // Takes one sample; an error is remembered for those who ask.
  void Sample();

  const std::unique_ptr<CpuSource> source_;
  const std::function<Clock::time_point()> now_;
  std::mutex mutex_;
  std::condition_variable changed_;
  CpuHistory history_;
  bool running_ = false;
  Clock::time_point last_sample_;
  Status last_error_;
  std::thread thread_;
};

}  // namespace nscp::check_system
