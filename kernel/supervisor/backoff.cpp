#include "kernel/supervisor/backoff.h"

#include <algorithm>
#include <cmath>

namespace nscp::kernel {
namespace {

constexpr double kJitter = 0.2;
// 2^32 times any first pause is past every cap.
constexpr uint32_t kMaxDoublings = 32;

}  // namespace

std::chrono::milliseconds Backoff::Next(double random) {
  const auto exponent = static_cast<int>(failures_);
  failures_ = std::min(failures_ + 1, kMaxDoublings);
  const double wanted = std::ldexp(static_cast<double>(first_.count()), exponent);
  const double capped = std::min(wanted, static_cast<double>(cap_.count()));
  const double jittered = capped * (1.0 - kJitter + 2.0 * kJitter * random);
  return std::chrono::milliseconds(std::max<int64_t>(1, std::llround(jittered)));
}

}  // namespace nscp::kernel
