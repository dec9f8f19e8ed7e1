// What happened between two samples of one source. Plain data; any thread.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>

#include "proto/cpp/status.h"

namespace nscp::check_system {

template <class T>
struct Change {
  T before;
  T after;
  double seconds = 1;  // between the two
};

// Where a check gets the change of the last second from; asked once in a call, and not
// for a call that only wants help.
template <class T>
using ChangeSource = std::function<Result<Change<T>>()>;

// A rate with two decimals. 0 for a counter that ran backwards: it wrapped, or what it
// counts was taken away and came back.
inline double PerSecond(uint64_t before, uint64_t after, double seconds) {
  if (after <= before || !(seconds > 0)) return 0;
  return std::round(static_cast<double>(after - before) / seconds * 100) / 100;
}

}  // namespace nscp::check_system
