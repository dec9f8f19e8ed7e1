// The time that tokens, throttle and the API count with; passed in, so that tests need no
// sleep.
#pragma once

#include <chrono>
#include <functional>

namespace nscp::gateway {

using TimePoint = std::chrono::steady_clock::time_point;
// Any thread may call it.
using Clock = std::function<TimePoint()>;

}  // namespace nscp::gateway
