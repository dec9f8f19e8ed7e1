// Reads what changes all the time once a second, on a thread of its own, from Start to
// Stop: whatever the number of checks, metrics and real-time filters, each source is read
// once for a step. Keeps a history of the processors' load, and the last two samples of
// everything. Owned by the module. Start and Stop: one at a time; all else: any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "workers/check_system/cpu_history.h"
#include "workers/check_system/memory_source.h"
#include "workers/check_system/network_source.h"
#include "workers/check_system/paging_source.h"

namespace nscp::check_system {

using Interfaces = std::vector<InterfaceCounters>;

// Where a step reads; replaced in tests.
struct Sources {
  std::function<Result<CpuSample>()> cpu = ReadCpu;
  std::function<Result<MemorySample>()> memory = ReadMemory;
  std::function<Result<Interfaces>()> network = ReadInterfaces;
  std::function<Result<PagingCounters>()> paging = ReadPaging;
};

// One step. A source that fails does not keep the others from being read.
struct Sample {
  std::chrono::steady_clock::time_point at;
  Result<CpuSample> cpu;
  Result<MemorySample> memory;
  Result<Interfaces> network;
  Result<PagingCounters> paging;
};

// Two samples, one after the other.
struct SamplePair {
  std::shared_ptr<const Sample> before;
  std::shared_ptr<const Sample> after;
};

class Collector {
 public:
  using Clock = std::chrono::steady_clock;

  // The first pair of samples is taken close together, so that there are figures soon.
  static constexpr std::chrono::milliseconds kFirstInterval{150};
  static constexpr std::chrono::milliseconds kInterval{1000};
  // Figures older than this are not given out as if they were of now.
  static constexpr std::chrono::seconds kMaxAge{10};
  // A sample that is not older stands for now: the next one may be a little late.
  static constexpr std::chrono::milliseconds kFresh{1500};

  // `now` tells how old the figures are.
  explicit Collector(Sources sources = {},
                     std::function<Clock::time_point()> now = &Clock::now);
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  // Called on the collector's thread after each step, which waits for it. Before Start.
  void SetListener(std::function<void(const Sample&)> listener);
  void Start();
  void Stop();
  void SetCapacity(int64_t seconds);

  bool running();
  const Sources& sources() const { return sources_; }

  // Waits until there is a load of the processors, but not beyond `until`. Errors: not
  // started, no figures yet, figures too old.
  Status WaitForCpu(Clock::time_point until);
  // After WaitForCpu.
  CpuAverages Average(int64_t seconds);

  // The newest two samples, waited for and with the errors of WaitForCpu. `what` is the
  // name of what is asked for in the error.
  Result<SamplePair> WaitForPair(const std::string& what, Clock::time_point until);
  // The newest sample, if it stands for now; else null.
  std::shared_ptr<const Sample> Fresh();

 private:
  void Run();
  void Step();
  // Figures that end with `sample` are of now, or the error that says how old they are.
  Status CheckAge(const std::string& what, Clock::time_point at, const Status& error);

  const Sources sources_;
  const std::function<Clock::time_point()> now_;
  std::function<void(const Sample&)> listener_;
  std::mutex mutex_;
  std::condition_variable changed_;
  CpuHistory history_;
  bool running_ = false;
  SamplePair newest_;
  Clock::time_point last_load_;
  std::thread thread_;
};

}  // namespace nscp::check_system
