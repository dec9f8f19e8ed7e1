#include "workers/check_system/collector.h"

#include <algorithm>

namespace nscp::check_system {
namespace {

// At the beginning of a sentence.
std::string Capitalized(std::string word) {
  if (!word.empty() && word[0] >= 'a' && word[0] <= 'z') {
    word[0] = static_cast<char>(word[0] - 'a' + 'A');
  }
  return word;
}

}  // namespace

Collector::Collector(Sources sources, std::function<Clock::time_point()> now)
    : sources_(std::move(sources)), now_(std::move(now)) {}

Collector::~Collector() { Stop(); }

void Collector::SetListener(std::function<void(const Sample&)> listener) {
  listener_ = std::move(listener);
}

void Collector::Start() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (running_) return;
  running_ = true;
  newest_ = {};
  thread_ = std::thread([this] { Run(); });
}

void Collector::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    running_ = false;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Collector::SetCapacity(int64_t seconds) {
  const std::lock_guard<std::mutex> lock(mutex_);
  history_.SetCapacity(seconds);
}

bool Collector::running() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return running_;
}

void Collector::Run() {
  Step();
  auto next = Clock::now() + kFirstInterval;
  std::unique_lock<std::mutex> lock(mutex_);
  while (running_) {
    changed_.wait_until(lock, next, [this] { return !running_; });
    if (!running_) return;
    lock.unlock();
    Step();
    // Seconds that were slept through are not made up for, and rates over a moment mean
    // nothing.
    next = std::max(next + kInterval, Clock::now() + kFirstInterval);
    lock.lock();
  }
}

void Collector::Step() {
  auto sample = std::make_shared<const Sample>(Sample{
      now_(), sources_.cpu(), sources_.memory(), sources_.network(), sources_.paging()});
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    newest_.before = std::move(newest_.after);
    newest_.after = sample;
    if (sample->cpu.ok()) {
      history_.Add(*sample->cpu);
      last_load_ = sample->at;
    }
  }
  changed_.notify_all();
  if (listener_) listener_(*sample);
}

Status Collector::CheckAge(const std::string& what, Clock::time_point at,
                           const Status& error) {
  const auto age = now_() - at;
  if (age <= kMaxAge) return Status::Ok();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(age).count();
  return Status::Unavailable(
      "The newest " + what + " data is " + std::to_string(seconds) +
      " seconds old: " + (error.ok() ? "the collector hangs" : error.message()));
}

Status Collector::WaitForCpu(Clock::time_point until) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!running_) return Status::FailedPrecondition("CPU collector not initialized");
  changed_.wait_until(lock, until, [this] {
    return !running_ || !history_.empty() || (newest_.after && !newest_.after->cpu.ok());
  });
  const Status error = newest_.after ? newest_.after->cpu.status() : Status::Ok();
  if (history_.empty() && !error.ok()) return error.WithContext("No CPU data available");
  if (history_.empty()) {
    return Status::Unavailable(
        "No CPU data available yet (collector still initializing)");
  }
  return CheckAge("CPU", last_load_, error);
}

CpuAverages Collector::Average(int64_t seconds) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return history_.empty() ? CpuAverages() : history_.Average(seconds);
}

Result<SamplePair> Collector::WaitForPair(const std::string& what,
                                          Clock::time_point until) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_until(lock, until,
                      [this] { return !running_ || newest_.before != nullptr; });
  if (!running_) {
    return Status::FailedPrecondition(Capitalized(what) + " collector not initialized");
  }
  if (!newest_.before) {
    return Status::Unavailable("No " + what +
                               " data available yet (collector still initializing)");
  }
  RETURN_IF_ERROR(CheckAge(what, newest_.after->at, Status::Ok()));
  return newest_;
}

std::shared_ptr<const Sample> Collector::Fresh() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!running_ || !newest_.after || now_() - newest_.after->at > kFresh) return nullptr;
  return newest_.after;
}

}  // namespace nscp::check_system
