// How long somebody may be asked: until a deadline, or until the caller has gone. A value
// that is passed down to whoever waits; `stop` outlives all of them.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>

#include "fetch/socket.h"

namespace nscp::net {

using Clock = std::chrono::steady_clock;
using fetch::Deadline;

struct Limit {
  Deadline deadline;
  const std::atomic<bool>* stop = nullptr;  // null = nobody stops it

  bool IsStopped() const { return stop != nullptr && *stop; }
  bool IsOver() const { return IsStopped() || Clock::now() >= deadline; }
  // The same, but at most so long from now.
  Limit AtMost(std::chrono::milliseconds length) const {
    return {std::min(deadline, Clock::now() + length), stop};
  }
  // What one wait may take, so that a stop is noticed soon. Never negative.
  std::chrono::milliseconds Slice() const {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    return std::clamp(left, std::chrono::milliseconds(0), fetch::kStopLook);
  }
};

}  // namespace nscp::net
