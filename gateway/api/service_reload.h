// A reload of the whole agent, which the gateway asks for and then waits for without
// holding anybody up: its own settings come back with it. Any thread.
#pragma once

#include <atomic>
#include <chrono>

#include "gateway/auth/clock.h"
#include "proto/cpp/status.h"

namespace nscp::gateway {

struct Context;

// Whether a reload was asked for and has not come yet. One that never comes (a settings
// file that cannot be read, say) is given up after kLongest.
class PendingReload {
 public:
  static constexpr std::chrono::seconds kLongest{60};

  // Before the kernel is asked: the reload may come before its answer.
  void Asked(TimePoint now) { until_ = (now + kLongest).time_since_epoch().count(); }
  // It came, or was refused.
  void Over() { until_ = kNone; }
  bool Waits(TimePoint now) const { return now.time_since_epoch().count() < until_; }

 private:
  static constexpr TimePoint::rep kNone = TimePoint::min().time_since_epoch().count();
  std::atomic<TimePoint::rep> until_{kNone};
};

// Answered before it is done: the reload may end the gateway itself. An error is told to
// the log.
Status AskForReload(const Context& context);

}  // namespace nscp::gateway
