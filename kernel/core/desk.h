// One thread for what may take a while (writing the settings, reading /proc): gRPC's
// threads hand it over, for a reaction must not block. One thing after the other; what
// waits is bounded.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace nscp::kernel {

class Desk {
 public:
  static constexpr size_t kMaxWaiting = 1000;

  explicit Desk(size_t max_waiting = kMaxWaiting)
      : max_waiting_(max_waiting), thread_([this] { Run(); }) {}
  ~Desk() {  // does what waits
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // False when too much waits.
  bool Do(std::function<void()> work) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (waiting_.size() >= max_waiting_) return false;
      waiting_.push_back(std::move(work));
    }
    changed_.notify_all();
    return true;
  }

 private:
  void Run() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      const auto work = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      work();
      lock.lock();
    }
  }

  const size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace nscp::kernel
