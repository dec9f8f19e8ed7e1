#include "workers/check_system/ticker.h"

#include <algorithm>

namespace nscp::check_system {

Ticker::Ticker(std::chrono::milliseconds interval, std::function<void()> work)
    : interval_(interval), work_(std::move(work)) {}

Ticker::~Ticker() { Stop(); }

void Ticker::Start() {
  if (thread_.joinable()) return;
  stopping_ = false;
  thread_ = std::thread([this] { Run(); });
}

void Ticker::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Ticker::Run() {
  auto next = std::chrono::steady_clock::now();
  while (!stopping_) {
    work_();
    next = std::max(next + interval_, std::chrono::steady_clock::now());
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_until(lock, next, [this] { return stopping_.load(); });
  }
}

}  // namespace nscp::check_system
