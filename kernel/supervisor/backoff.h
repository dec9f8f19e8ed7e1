// How long a slot waits before it tries again: first * 2^n, capped, with +-20 % jitter,
// so that workers that failed together do not come back together. Never gives up. A
// value; the slot owns it, on the loop.
#pragma once

#include <chrono>
#include <cstdint>

namespace nscp::kernel {

class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds cap)
      : first_(first), cap_(cap) {}

  // The next pause, at least 1 ms. `random` is in [0, 1): 0 = 20 % shorter, 1 = 20 %
  // longer.
  std::chrono::milliseconds Next(double random);
  void Reset() { failures_ = 0; }

 private:
  std::chrono::milliseconds first_;
  std::chrono::milliseconds cap_;
  uint32_t failures_ = 0;
};

}  // namespace nscp::kernel
