// Which connections have something new to send, noted by whoever wrote it and looked at
// by the loop. Shared by the server and its streams, which may outlive it. Any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "gateway/http/poller.h"

namespace nscp::gateway {

class StreamWakes {
 public:
  explicit StreamWakes(Poller& poller) : poller_(&poller) {}

  // A stream asks once until it is taken from, so there are no more ids than streams.
  void Ask(uint64_t id) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (poller_ == nullptr) return;
    ids_.push_back(id);
    poller_->Wake();
  }
  std::vector<uint64_t> Take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(ids_, {});
  }
  // The poller ends.
  void Close() {
    const std::lock_guard<std::mutex> lock(mutex_);
    poller_ = nullptr;
  }

 private:
  std::mutex mutex_;
  Poller* poller_;             // guarded by mutex_
  std::vector<uint64_t> ids_;  // guarded by mutex_
};

}  // namespace nscp::gateway
