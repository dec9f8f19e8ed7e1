#include "kernel/telemetry/events.h"

#include <iterator>
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
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      event.set_index(++last_index_);
      events_.push_back(event);
      if (events_.size() > kMaxEvents) events_.pop_front();
    }
    watchers_.Tell(event);
  }
  return Status::Ok();
}

std::vector<v1::Event> EventRing::List() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return {events_.begin(), events_.end()};
}

std::vector<v1::Event> EventRing::Take() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<v1::Event> taken(std::make_move_iterator(events_.begin()),
                               std::make_move_iterator(events_.end()));
  events_.clear();
  return taken;
}

Result<std::unique_ptr<Watch>> EventRing::Subscribe(
    Watchers<v1::Event>::Callback callback) {
  return watchers_.Add(std::move(callback));
}

}  // namespace nscp::kernel
