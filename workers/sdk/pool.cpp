#include "workers/sdk/pool.h"

#include <algorithm>

namespace nscp::sdk {

Pool::Pool(size_t size)
    : size_(static_cast<std::ptrdiff_t>(std::clamp<size_t>(size, 1, kMaxThreads))) {}

Pool::~Pool() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  for (Worker& worker : workers_) worker.thread.join();
}

bool Pool::Submit(Clock::time_point deadline, std::function<void()> task) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stopping_ || queue_.size() >= kMaxQueued) return false;
    queue_.push_back({deadline, std::move(task)});
    GrowLocked();
  }
  work_.notify_one();
  return true;
}

// A new thread when there is work that no waiting thread will take and a place is free.
void Pool::GrowLocked() {
  ReapLocked();
  while (queue_.size() > waiting_ && active_ < size_ && workers_.size() < kMaxThreads) {
    const auto self = workers_.emplace(workers_.end());
    ++active_;
    ++waiting_;  // it will look at the queue first; Run takes this back
    self->thread = std::thread([this, self] { Run(self); });
  }
}

void Pool::ReapLocked() {
  for (auto it = workers_.begin(); it != workers_.end();) {
    if (it->finished) {
      it->thread.join();
      it = workers_.erase(it);
    } else {
      ++it;
    }
  }
}

void Pool::Run(std::list<Worker>::iterator self) {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    --waiting_;
    if (queue_.empty()) break;
    Task task = std::move(queue_.front());
    queue_.pop_front();
    self->busy = true;
    self->deadline = task.deadline;
    ++running_;
    lock.unlock();
    task.run();
    task.run = nullptr;
    lock.lock();
    self->busy = false;
    --running_;
    if (running_ == 0 && queue_.empty()) idle_.notify_all();
    // Whoever was set aside, or came back from a nested call to a full pool, leaves.
    if (self->aside || active_ > size_) break;
    ++waiting_;
  }
  if (!self->aside) --active_;
  self->finished = true;
}

Pool::Blocked::Blocked(Pool& pool) : pool_(pool) {
  const std::lock_guard<std::mutex> lock(pool_.mutex_);
  --pool_.active_;
  pool_.GrowLocked();
}

Pool::Blocked::~Blocked() {
  const std::lock_guard<std::mutex> lock(pool_.mutex_);
  ++pool_.active_;
}

size_t Pool::SetOverdueAside(Clock::time_point now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  size_t aside = 0;
  for (const Worker& worker : workers_) aside += worker.aside && worker.busy ? 1 : 0;
  for (Worker& worker : workers_) {
    if (aside >= kMaxSetAside) break;
    if (worker.aside || !worker.busy || now < worker.deadline + kOverdue) continue;
    worker.aside = true;
    ++aside;
    --active_;
  }
  GrowLocked();
  return aside;
}

bool Pool::WaitIdle(Clock::time_point limit) {
  std::unique_lock<std::mutex> lock(mutex_);
  return idle_.wait_until(lock, limit,
                          [this] { return running_ == 0 && queue_.empty(); });
}

}  // namespace nscp::sdk
