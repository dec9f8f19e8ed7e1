#include "kernel/core/maintenance.h"

#include <algorithm>

#include "kernel/settings/settings.h"

namespace nscp::kernel {

void Maintenance::Start() {
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
}

void Maintenance::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Maintenance::LookAgain() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    look_again_ = true;
  }
  changed_.notify_all();
}

void Maintenance::Run() {
  using Clock = std::chrono::steady_clock;
  auto last = Clock::now();
  Ms interval = Interval();
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    changed_.wait_until(lock, last + interval,
                        [this] { return stopping_ || look_again_; });
    if (stopping_) return;
    look_again_ = false;
    lock.unlock();
    interval = Interval();
    if (Clock::now() >= last + interval) {
      work_.round();
      last = Clock::now();
    }
    lock.lock();
  }
}

Maintenance::Ms Maintenance::Interval() {
  const std::string text = work_.interval();
  const auto given = ParseDurationMs(text);
  if (given) {
    bad_interval_.clear();
    return std::clamp(Ms(*given), kShortestInterval, kLongestInterval);
  }
  if (text != bad_interval_) {
    work_.warn("Invalid interval in /settings/core, " + std::string(kKey) + ": '" + text +
               "' (write a time such as 5m); 5m is used");
    bad_interval_ = text;
  }
  return kDefaultInterval;
}

}  // namespace nscp::kernel
