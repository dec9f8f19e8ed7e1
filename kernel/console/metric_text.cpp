#include "kernel/console/metric_text.h"

#include <cstdint>
#include <numeric>

namespace nscp::kernel {
namespace {

std::string SixDecimals(double number) {
  std::string text = std::to_string(number);
  const size_t point = text.find('.');
  if (point == std::string::npos) return text;  // infinite, or no number
  text.resize(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

std::string MetricText(const v1::Metric& metric) {
  if (metric.has_text()) return metric.text();
  if (!metric.has_histogram()) {
    return SixDecimals(metric.has_counter() ? metric.counter() : metric.gauge());
  }
  const auto& counts = metric.histogram().counts();
  const uint64_t all = std::accumulate(counts.begin(), counts.end(), uint64_t{0});
  return std::to_string(all) + " (sum " + SixDecimals(metric.histogram().sum()) + ")";
}

}  // namespace nscp::kernel
