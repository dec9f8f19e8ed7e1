#include "gateway/auth/throttle.h"

#include <algorithm>
#include <utility>

namespace nscp::gateway {

Throttle::Throttle(Clock clock) : clock_(std::move(clock)) {}

void Throttle::SetLimits(const Limits& limits) {
  const std::lock_guard<std::mutex> lock(mutex_);
  limits_ = limits;
  if (limits_.max_failures == 0) entries_.clear();
}

bool Throttle::Blocked(const std::string& address) const {
  const TimePoint now = clock_();
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = entries_.find(address);
  return found != entries_.end() && now < found->second.blocked_until;
}

bool Throttle::Fail(const std::string& address) {
  const TimePoint now = clock_();
  const std::lock_guard<std::mutex> lock(mutex_);
  if (limits_.max_failures == 0) return false;
  if (entries_.count(address) == 0) MakeRoom(now);
  Entry& entry = entries_[address];
  entry.last = now;
  if (++entry.failures < limits_.max_failures) return false;
  entry.failures = 0;
  entry.blocked_until = now + limits_.block;
  return true;
}

void Throttle::Succeed(const std::string& address) {
  const std::lock_guard<std::mutex> lock(mutex_);
  entries_.erase(address);
}

size_t Throttle::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return entries_.size();
}

void Throttle::MakeRoom(TimePoint now) {
  if (entries_.size() < kMaxAddresses) return;
  const auto goes_first = [now](const auto& a, const auto& b) {
    const bool a_blocked = now < a.second.blocked_until;
    const bool b_blocked = now < b.second.blocked_until;
    if (a_blocked != b_blocked) return b_blocked;
    return a.second.last < b.second.last;
  };
  entries_.erase(std::min_element(entries_.begin(), entries_.end(), goes_first));
}

}  // namespace nscp::gateway
