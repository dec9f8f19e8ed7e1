// Reads the counters of all disks now and then, on a thread of its own, from Start to
// Stop: one reading for all checks and metrics. Owned by the module. Configure,
// Latest and Sample: any thread; Start and Stop: one at a time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "workers/check_disk/disk_activity.h"
#include "workers/check_disk/disk_counters.h"

namespace nscp::check_disk {

class DiskCollector {
 public:
  using Clock = std::chrono::steady_clock;
  using Read = std::function<Result<std::vector<DiskCounters>>()>;
  // Told of the first error of a row, and when collecting is given up. Called by the
  // collector's thread.
  using Complain = std::function<void(const std::string&)>;

  static constexpr std::chrono::seconds kMinInterval{1};
  static constexpr std::chrono::seconds kMaxInterval{86400};
  // Between the first two readings, so that there are figures soon.
  static constexpr std::chrono::seconds kFirstInterval{1};
  // Figures that are older than so many intervals are not given out as those of now.
  static constexpr int kStaleIntervals = 3;

  DiskCollector(Read read, Complain complain,
                std::function<Clock::time_point()> now = &Clock::now);
  ~DiskCollector();
  DiskCollector(const DiskCollector&) = delete;
  DiskCollector& operator=(const DiskCollector&) = delete;

  // Collecting ends after `max_errors` failures in a row; 0: never. The interval is
  // brought into its bounds. Taken up at once by a collector that runs.
  void Configure(std::chrono::seconds interval, int64_t max_errors);
  void Start();
  // Forgets what was collected.
  void Stop();

  // The newest figures. Waits for the first ones, but not beyond `until`. Errors: not
  // started, none yet, given up, too old.
  Result<std::vector<DiskActivity>> Latest(Clock::time_point until);

  // One reading, which the thread takes by itself. False once collecting is given up.
  bool Sample();

 private:
  void Run();
  void ForgetLocked();
  Status StateLocked() const;
  bool FailLocked(const Status& error, std::string& complaint);
  std::chrono::seconds IntervalLocked() const;

  const Read read_;
  const Complain complain_;
  const std::function<Clock::time_point()> now_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::chrono::seconds interval_{10};
  int64_t max_errors_ = 10;
  uint64_t configured_ = 0;  // how often
  bool running_ = false;
  int64_t errors_ = 0;  // in a row
  bool given_up_ = false;
  Status last_error_;
  std::vector<DiskCounters> counters_;
  Clock::time_point read_at_;
  bool has_counters_ = false;
  std::vector<DiskActivity> latest_;
  Clock::time_point latest_at_;
  bool has_latest_ = false;
  std::thread thread_;
};

}  // namespace nscp::check_disk
