// The last log entries, with an index that counts up from 1 for the kernel's life: Clear
// does not reset it, so a client that asks for "after N" never sees an entry twice. Also
// the error count. Bounded by number and by bytes; the oldest go first. Any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "kernel/telemetry/watchers.h"
#include "nscp/v1/telemetry.pb.h"

namespace nscp::kernel {

constexpr size_t kMaxLogEntries = 10000;
constexpr size_t kMaxLogBytes = 8 * 1024 * 1024;
constexpr size_t kMaxLogMessage = 64 * 1024;  // longer ones are cut
constexpr uint32_t kMaxLogPage = 100000;

// One of `levels`, which are all of them when there is none.
bool HasLevel(const google::protobuf::RepeatedField<int>& levels,
              const v1::LogEntry& entry);

class LogRing {
 public:
  explicit LogRing(size_t max_entries = kMaxLogEntries, size_t max_bytes = kMaxLogBytes);

  // Gives the entry its index, cuts what is too long and tells the watchers, in order.
  // Returns the entry as kept.
  v1::LogEntry Add(v1::LogEntry entry);
  v1::ListLogsResponse List(const v1::ListLogsRequest& request) const;
  // Entries, error count and last error.
  void Clear();
  v1::GetLogStatusResponse GetStatus() const;

  using Follower = Watchers<std::shared_ptr<const v1::LogEntry>>::Callback;
  // Told of each new entry.
  Result<std::unique_ptr<Watch>> Subscribe(Follower follower);
  // Told first of what is kept behind `after`, then of each new entry: none is left out
  // and none comes twice. `begin` runs once before, unless the bound is reached.
  Result<std::unique_ptr<Watch>> SubscribeAfter(
      std::optional<uint64_t> after, const std::function<void(WatchStart)>& begin,
      const Follower& follower);

 private:
  const size_t max_entries_;
  const size_t max_bytes_;
  std::mutex order_;  // held over Add and Tell, so that watchers see the ring's order
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<const v1::LogEntry>> entries_;  // guarded by mutex_
  size_t bytes_ = 0;
  uint64_t last_index_ = 0;
  uint64_t errors_ = 0;
  std::string last_error_;
  Watchers<std::shared_ptr<const v1::LogEntry>> watchers_;
};

}  // namespace nscp::kernel
