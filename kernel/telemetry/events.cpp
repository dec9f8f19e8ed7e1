#include "kernel/telemetry/events.h"

#include <string>

#include "proto/cpp/text.h"

namespace nscp::kernel {

bool EventMatches(std::string_view pattern, std::string_view name) {
  if (!pattern.empty() && pattern.back() == '*') {
    pattern.remove_suffix(1);
    return StartsWith(name, pattern);
  }
  return pattern == name;
}

Status EventRing::Emit(const v1::EmitEventsRequest& request, int64_t now_ms) {
  if (static_cast<size_t>(request.events_size()) > kMaxEventsInOneCall) {
    return Status::ResourceExhausted("more than " + std::to_string(kMaxEventsInOneCall) +
                                     " events in one call");
  }
  for (const v1::Event& event : request.events()) {
    if (event.name().empty()) return Status::InvalidArgument("an event without a name");
    if (event.ByteSizeLong() > kMaxEventBytes) {
      return Status::ResourceExhausted("the event " + event.name() + " is larger than " +
                                       std::to_string(kMaxEventBytes) + " bytes");
    }
  }
  const std::lock_guard<std::mutex> order(order_);
  for (v1::Event event : request.events()) {
    if (event.time_ms() == 0) event.set_time_ms(now_ms);
    std::shared_ptr<const v1::Event> kept;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      event.set_index(++last_index_);
      kept = std::make_shared<const v1::Event>(std::move(event));
      events_.push_back(kept);
      if (events_.size() > kMaxEvents) events_.pop_front();
    }
    watchers_.Tell(kept);
  }
  return Status::Ok();
}

std::vector<v1::Event> EventRing::List() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<v1::Event> list;
  list.reserve(events_.size());
  for (const auto& event : events_) list.push_back(*event);
  return list;
}

std::vector<v1::Event> EventRing::Take() {
  std::deque<std::shared_ptr<const v1::Event>> all;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    all.swap(events_);
  }
  std::vector<v1::Event> taken;
  taken.reserve(all.size());
  for (const auto& event : all) taken.push_back(*event);
  return taken;
}

Result<std::unique_ptr<Watch>> EventRing::Subscribe(Follower follower) {
  return watchers_.Add(std::move(follower));
}

Result<std::unique_ptr<Watch>> EventRing::SubscribeAfter(
    std::optional<uint64_t> after, const std::function<void(WatchStart)>& begin,
    const Follower& follower) {
  const std::lock_guard<std::mutex> order(order_);
  auto watch = watchers_.Add(follower);
  if (!watch.ok()) return watch;
  const std::lock_guard<std::mutex> lock(mutex_);
  const WatchStart start = StartAfter(events_, last_index_, after);
  begin(start);
  for (const auto& event : events_) {
    if (event->index() > start.position) follower(event);
  }
  return watch;
}

}  // namespace nscp::kernel
