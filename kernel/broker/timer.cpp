#include "kernel/broker/timer.h"

namespace nscp::kernel {

Timer::Timer() : thread_([this] { Run(); }) {}

Timer::~Timer() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

Timer::Id Timer::At(Clock::time_point when, std::function<void()> what) {
  bool first = false;
  Id id;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    id = {when, ++next_};
    pending_.emplace(id, std::move(what));
    first = pending_.begin()->first == id;
  }
  if (first) changed_.notify_all();
  return id;
}

bool Timer::Cancel(const Id& id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return pending_.erase(id) > 0;
}

void Timer::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    if (pending_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto first = pending_.begin();
    if (const auto when = first->first.first; when > Clock::now()) {
      changed_.wait_until(lock, when);
      continue;
    }
    const std::function<void()> what = std::move(first->second);
    pending_.erase(first);
    lock.unlock();
    what();
    lock.lock();
  }
}

}  // namespace nscp::kernel
