// How long the calls of one slot took: counts in fixed ranges, so that the record has one
// size and a call costs a few comparisons. Not locked: the broker adds under the lock
// that it holds at a call's end anyway.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace nscp::kernel {

struct CallTimes {
  // Upper bounds in microseconds, inclusive: from a call that touches nothing to the
  // broker's default limit for queries and beyond.
  static constexpr std::array<int64_t, 14> kBounds = {
      500,    1000,   2500,   5000,    10000,   25000,    50000,
      100000, 250000, 500000, 1000000, 5000000, 30000000, 70000000};

  std::array<uint64_t, kBounds.size() + 1> counts{};  // the last has no bound
  uint64_t sum_us = 0;

  void Add(std::chrono::steady_clock::duration taken) {
    const int64_t us =
        std::chrono::duration_cast<std::chrono::microseconds>(taken).count();
    size_t range = 0;
    while (range < kBounds.size() && us > kBounds[range]) ++range;
    ++counts[range];
    sum_us += us > 0 ? static_cast<uint64_t>(us) : 0;
  }
};

}  // namespace nscp::kernel
