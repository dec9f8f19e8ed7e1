#include "kernel/core/revision.h"

#include <utility>

namespace nscp::kernel {

uint64_t Revision::value() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return value_;
}

void Revision::Grow() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++value_;
  for (const auto& [id, watcher] : watchers_) watcher(value_);
}

Result<uint64_t> Revision::Watch(Watcher watcher) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (watchers_.size() >= kMaxWatchers) {
    return Status::ResourceExhausted(
        "watching for changes: " + std::to_string(kMaxWatchers) +
        " watch already, which is the limit");
  }
  watcher(value_);
  watchers_.emplace(++last_id_, std::move(watcher));
  return last_id_;
}

void Revision::Forget(uint64_t id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  watchers_.erase(id);
}

}  // namespace nscp::kernel
