#include "kernel/supervisor/request_queue.h"

#include <utility>

namespace nscp::kernel {

bool RequestQueue::Post(Request request, size_t limit) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (ended_ || requests_.size() >= limit) return false;
  requests_.push_back(std::move(request));
  return true;
}

std::deque<RequestQueue::Request> RequestQueue::Take() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(requests_, {});
}

bool RequestQueue::End() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!requests_.empty()) return false;
  ended_ = true;
  has_ended_.notify_all();
  return true;
}

void RequestQueue::WaitForEnd() {
  std::unique_lock<std::mutex> lock(mutex_);
  has_ended_.wait(lock, [this] { return ended_; });
}

}  // namespace nscp::kernel
