// Samples the used space of all real drives now and then, on a thread of its own, from
// Start to Stop, and keeps the history beyond the process. Owned by the module. Configure
// and Over: any thread; Start and Stop: one at a time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "workers/check_disk/mounts.h"
#include "workers/check_disk/space_reader.h"
#include "workers/check_disk/trend.h"

namespace nscp::check_disk {

class TrendCollector {
 public:
  using Mounts = std::function<Result<std::vector<Mount>>()>;
  // Seconds since 1970.
  using Now = std::function<int64_t()>;

  // Where the history outlives the process. Both may be empty; called by the collector's
  // thread.
  struct Keep {
    std::function<std::string()> load;
    std::function<void(const std::string& text)> save;
  };
  // At least so long between two times that the history is written down; it is at the
  // stop as well.
  static constexpr std::chrono::minutes kSaveInterval{1};

  // `reader` outlives the collector.
  TrendCollector(Mounts mounts, SpaceReader& reader, Now now, Keep keep = {});
  ~TrendCollector();
  TrendCollector(const TrendCollector&) = delete;
  TrendCollector& operator=(const TrendCollector&) = delete;

  // Seconds; the interval at least 1, at most kMaxInterval. Taken up at once by a
  // collector that runs.
  static constexpr int64_t kMaxInterval = 30 * 86400;
  void Configure(int64_t interval, int64_t retention);
  void Start();
  void Stop();
  // Samples all drives once.
  void Sample();
  Trend Over(const std::string& drive, int64_t window) const;

 private:
  void Run();
  void Load();
  void Save();

  const Mounts mounts_;
  SpaceReader& reader_;
  const Now now_;
  const Keep keep_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int64_t interval_ = 300;
  uint64_t configured_ = 0;  // how often
  bool running_ = false;
  bool stopping_ = false;
  TrendHistory history_;
  std::thread thread_;
};

}  // namespace nscp::check_disk
