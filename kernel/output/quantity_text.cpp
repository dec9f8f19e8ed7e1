#include "kernel/output/quantity_text.h"

#include <algorithm>
#include <iterator>

namespace nscp::kernel {
namespace {

struct Unit {
  int64_t seconds;
  const char* name;
};
constexpr Unit kUnits[] = {{86400, " d"}, {3600, " h"}, {60, " min"}, {1, " s"}};
constexpr const char* kSizes[] = {" B", " KiB", " MiB", " GiB", " TiB"};

}  // namespace

std::string DurationText(std::chrono::milliseconds duration) {
  const int64_t seconds = std::max<int64_t>(0, duration.count() / 1000);
  for (size_t i = 0; i + 1 < std::size(kUnits); ++i) {
    if (seconds < kUnits[i].seconds) continue;
    const int64_t rest = seconds % kUnits[i].seconds / kUnits[i + 1].seconds;
    std::string text = std::to_string(seconds / kUnits[i].seconds) + kUnits[i].name;
    if (rest > 0) text += " " + std::to_string(rest) + kUnits[i + 1].name;
    return text;
  }
  return std::to_string(seconds) + " s";
}

std::string BytesText(uint64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + kSizes[0];
  size_t unit = 0;
  uint64_t whole = bytes;
  uint64_t rest = 0;
  while (whole >= 1024 && unit + 1 < std::size(kSizes)) {
    rest = whole % 1024;
    whole /= 1024;
    ++unit;
  }
  return std::to_string(whole) + "." + std::to_string(rest * 10 / 1024) + kSizes[unit];
}

}  // namespace nscp::kernel
