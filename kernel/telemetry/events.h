// The last events, and who wants to hear of new ones. Any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "kernel/telemetry/watchers.h"
#include "nscp/v1/telemetry.pb.h"

namespace nscp::kernel {

constexpr size_t kMaxEvents = 1000;
constexpr size_t kMaxEventBytes = 64 * 1024;  // a larger event is refused
constexpr size_t kMaxEventsInOneCall = 1000;

// "*" = all, "system.*" = that prefix, else the name itself; compared with case.
bool EventMatches(std::string_view pattern, std::string_view name);

class EventRing {
 public:
  // `now_ms` since 1970, for events without a time. All are taken or none.
  Status Emit(const v1::EmitEventsRequest& request, int64_t now_ms);
  // Oldest first; indexes count up from 1 for the kernel's life.
  std::vector<v1::Event> List() const;
  // Get and clear.
  std::vector<v1::Event> Take();
  using Follower = Watchers<std::shared_ptr<const v1::Event>>::Callback;
  // Told of each event, in order; apply EventMatches.
  Result<std::unique_ptr<Watch>> Subscribe(Follower follower);
  // As LogRing::SubscribeAfter.
  Result<std::unique_ptr<Watch>> SubscribeAfter(
      std::optional<uint64_t> after, const std::function<void(WatchStart)>& begin,
      const Follower& follower);

 private:
  std::mutex order_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<const v1::Event>> events_;  // guarded by mutex_
  uint64_t last_index_ = 0;
  Watchers<std::shared_ptr<const v1::Event>> watchers_;
};

}  // namespace nscp::kernel
