// Does the same work again and again on a thread of its own, from Start to Stop. Owned by
// whom the work belongs to. Start and Stop: one at a time.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace nscp::check_system {

class Ticker {
 public:
  // The work is done at once after Start and then once in each interval; what takes
  // longer is not made up for. It ends soon once stopping() is true.
  Ticker(std::chrono::milliseconds interval, std::function<void()> work);
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

  void Start();
  void Stop();
  bool stopping() const { return stopping_; }

 private:
  void Run();

  const std::chrono::milliseconds interval_;
  const std::function<void()> work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> stopping_{true};
  std::thread thread_;
};

}  // namespace nscp::check_system
