#include "gateway/http/pool.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace nscp::gateway {

Pool::Pool(const Bounds& bounds) : bounds_(bounds) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const unsigned start = std::clamp(bounds.start, 1U, bounds.max);
  while (threads_.size() < start && Grow()) {
  }
}

Pool::~Pool() {
  std::deque<Job> dropped_short;
  std::deque<Job> dropped_long;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ending_ = true;
    short_.swap(dropped_short);
    long_.swap(dropped_long);
  }
  wake_.notify_all();
  dropped_short.clear();
  dropped_long.clear();
  for (auto& thread : threads_) thread.join();
}

bool Pool::Submit(std::function<void()> job, bool is_long) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto& queue = is_long ? long_ : short_;
    if (ending_ || queue.size() >= bounds_.max_queued) return false;
    queue.push_back({next_number_++, std::move(job), is_long});
    if (Eligible() > idle_ && threads_.size() < bounds_.max) Grow();
    if (threads_.empty()) {
      queue.pop_back();
      return false;
    }
  }
  wake_.notify_one();
  return true;
}

size_t Pool::threads() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return threads_.size();
}

bool Pool::Grow() {
  try {
    threads_.emplace_back([this] { Work(); });
    return true;
  } catch (const std::system_error&) {
    return false;  // the threads there are go on
  }
}

size_t Pool::Eligible() const {
  const size_t most_long = bounds_.max - std::min(bounds_.max, bounds_.reserved);
  return short_.size() + std::min(long_.size(), most_long - running_long_);
}

bool Pool::Take(Job* job) {
  if (Eligible() == 0) return false;
  const bool long_may_run = Eligible() > short_.size();
  const bool take_long =
      long_may_run && (short_.empty() || long_.front().number < short_.front().number);
  auto& queue = take_long ? long_ : short_;
  *job = std::move(queue.front());
  queue.pop_front();
  if (take_long) ++running_long_;
  return true;
}

void Pool::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    Job job;
    if (Take(&job)) {
      lock.unlock();
      job.run();
      job.run = nullptr;  // what it holds ends without the lock
      lock.lock();
      if (job.is_long) --running_long_;
    } else if (ending_) {
      return;
    } else {
      ++idle_;
      wake_.wait(lock);
      --idle_;
    }
  }
}

}  // namespace nscp::gateway
