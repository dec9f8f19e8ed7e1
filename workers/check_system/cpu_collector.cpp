#include "workers/check_system/cpu_collector.h"

#include <algorithm>

namespace nscp::check_system {

CpuCollector::CpuCollector(std::unique_ptr<CpuSource> source,
                           std::function<Clock::time_point()> now)
    : source_(std::move(source)), now_(std::move(now)) {}

CpuCollector::~CpuCollector() { Stop(); }

void CpuCollector::Start() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (running_) return;
  running_ = true;
  thread_ = std::thread([this] { Run(); });
}

void CpuCollector::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    running_ = false;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void CpuCollector::SetCapacity(int64_t seconds) {
  const std::lock_guard<std::mutex> lock(mutex_);
  history_.SetCapacity(seconds);
}

void CpuCollector::Run() {
  Sample();
  auto next = Clock::now() + kFirstInterval;
  std::unique_lock<std::mutex> lock(mutex_);
  while (running_) {
    changed_.wait_until(lock, next, [this] { return !running_; });
    if (!running_) return;
    lock.unlock();
    Sample();
    // Seconds that were slept through are not made up for.
    next = std::max(next + kInterval, Clock::now());
    lock.lock();
  }
}

void CpuCollector::Sample() {
  const Result<CpuSample> sample = source_->Read();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    last_error_ = sample.status();
    if (sample.ok()) {
      history_.Add(*sample);
      last_sample_ = now_();
    }
  }
  changed_.notify_all();
}

Status CpuCollector::WaitForData(Clock::time_point until) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!running_) return Status::FailedPrecondition("CPU collector not initialized");
  changed_.wait_until(lock, until, [this] {
    return !running_ || !history_.empty() || !last_error_.ok();
  });
  if (history_.empty() && !last_error_.ok()) {
    return last_error_.WithContext("No CPU data available");
  }
  if (history_.empty()) {
    return Status::Unavailable(
        "No CPU data available yet (collector still initializing)");
  }
  const auto age = now_() - last_sample_;
  if (age > kMaxAge) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(age).count();
    return Status::Unavailable("The newest CPU data is " + std::to_string(seconds) +
                               " seconds old: " + last_error_.ToString());
  }
  return Status::Ok();
}

CpuAverages CpuCollector::Average(int64_t seconds) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return history_.empty() ? CpuAverages() : history_.Average(seconds);
}

}  // namespace nscp::check_system
