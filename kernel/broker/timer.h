// One thread that runs things later. Any thread may call; what runs must not block.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace nscp::kernel {

class Timer {
 public:
  using Clock = std::chrono::steady_clock;
  using Id = std::pair<Clock::time_point, uint64_t>;

  Timer();
  ~Timer();  // forgets what has not run yet
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  Id At(Clock::time_point when, std::function<void()> what);
  // False when it has run, or runs now.
  bool Cancel(const Id& id);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Id, std::function<void()>> pending_;
  uint64_t next_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace nscp::kernel
