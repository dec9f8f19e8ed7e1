#include "workers/check_disk/trend.h"

#include <algorithm>

#include "workers/checks/formats.h"

namespace nscp::check_disk {
namespace {

constexpr int64_t kDay = 86400;
constexpr double kCentury = 100.0 * 365 * kDay;
constexpr int64_t kLeastSamples = 3;

}  // namespace

std::optional<int64_t> Trend::BytesPerDay() const {
  if (!slope) return std::nullopt;
  return checks::RoundToInteger(*slope * kDay);
}

std::optional<int64_t> Trend::FullIn(uint64_t free) const {
  if (!slope || *slope <= 0) return std::nullopt;
  const double seconds = static_cast<double>(free) / *slope;
  if (seconds > kCentury) return std::nullopt;
  return static_cast<int64_t>(seconds);
}

void TrendHistory::Configure(int64_t interval, int64_t retention) {
  interval_ = std::max<int64_t>(interval, 1);
  retention_ = std::max<int64_t>(retention, 1);
}

void TrendHistory::Add(const std::string& drive, int64_t now, uint64_t used,
                       uint64_t size) {
  if (drives_.count(drive) == 0 && drives_.size() >= kMaxTrendDrives) return;
  Drive& history = drives_[drive];
  auto& samples = history.samples;
  if (history.size != size) samples.clear();
  history.size = size;
  if (!samples.empty() && now < samples.back().time + interval_) return;
  samples.push_back({now, used});
  while (samples.front().time < now - retention_ || samples.size() > kMaxTrendSamples) {
    samples.pop_front();
  }
}

Trend TrendHistory::Over(const std::string& drive, int64_t now, int64_t window) const {
  Trend trend;
  const auto found = drives_.find(drive);
  if (found == drives_.end()) return trend;
  std::deque<Sample> in_window;
  for (const Sample& sample : found->second.samples) {
    if (sample.time >= now - window && sample.time <= now) in_window.push_back(sample);
  }
  if (in_window.empty()) return trend;
  trend.samples = static_cast<int64_t>(in_window.size());
  trend.span = in_window.back().time - in_window.front().time;
  if (trend.samples < kLeastSamples || trend.span < 3 * interval_) return trend;
  // Around the means, since times and sizes are large numbers that differ little.
  const auto count = static_cast<double>(trend.samples);
  double mean_time = 0;
  double mean_used = 0;
  for (const Sample& sample : in_window) {
    mean_time += static_cast<double>(sample.time) / count;
    mean_used += static_cast<double>(sample.used) / count;
  }
  double together = 0;
  double squares = 0;
  for (const Sample& sample : in_window) {
    const double time = static_cast<double>(sample.time) - mean_time;
    together += time * (static_cast<double>(sample.used) - mean_used);
    squares += time * time;
  }
  trend.slope = together / squares;
  return trend;
}

}  // namespace nscp::check_disk
