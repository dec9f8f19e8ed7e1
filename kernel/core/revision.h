// A number that grows with each change of something, and those who want to know of it.
// Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

#include "proto/cpp/status.h"

namespace nscp::kernel {

class Revision {
 public:
  static constexpr size_t kMaxWatchers = 32;
  // Told the number now and after each change, in order, one call at a time. Must not
  // block nor call back.
  using Watcher = std::function<void(uint64_t)>;

  uint64_t value() const;
  void Grow();
  // Gives an id for Forget.
  Result<uint64_t> Watch(Watcher watcher);
  // Once it returns, the watcher is not called any more.
  void Forget(uint64_t id);

 private:
  mutable std::mutex mutex_;
  uint64_t value_ = 1;
  uint64_t last_id_ = 0;
  std::map<uint64_t, Watcher> watchers_;
};

}  // namespace nscp::kernel
