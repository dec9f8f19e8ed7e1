#include "workers/scheduler/timetable.h"

#include <algorithm>

namespace nscp::scheduler {

using std::chrono::milliseconds;

Timetable::Timetable(const std::vector<Schedule>& schedules, const checks::TimeZone& zone,
                     milliseconds startup_window, const Instant& now, uint32_t seed)
    : schedules_(schedules), zone_(zone), random_(seed) {
  for (size_t i = 0; i < schedules_.size(); ++i) {
    if (!schedules_[i].run_on_startup) {
      Plan(i, now);
      continue;
    }
    std::uniform_int_distribution<int64_t> chance(0, startup_window.count());
    steady_.emplace(now.steady + milliseconds(chance(random_)), i);
  }
}

void Timetable::Plan(size_t index, const Instant& now) {
  const Schedule& schedule = schedules_[index];
  if (schedule.cron) {
    if (const auto next = schedule.cron->Next(now.wall, zone_)) {
      wall_.emplace(*next, index);
    }
    return;
  }
  const auto whole = static_cast<double>(schedule.interval->count());
  std::uniform_real_distribution<double> chance(0, schedule.randomness);
  const auto next = static_cast<int64_t>(whole * (1 - chance(random_)));
  steady_.emplace(now.steady + milliseconds(std::max<int64_t>(next, 1)), index);
}

std::vector<size_t> Timetable::TakeDue(const Instant& now) {
  std::vector<size_t> due;
  while (!steady_.empty() && steady_.begin()->first <= now.steady) {
    due.push_back(steady_.begin()->second);
    steady_.erase(steady_.begin());
  }
  while (!wall_.empty() && wall_.begin()->first <= now.wall) {
    due.push_back(wall_.begin()->second);
    wall_.erase(wall_.begin());
  }
  for (const size_t index : due) Plan(index, now);
  return due;
}

milliseconds Timetable::Sleep(const Instant& now) const {
  milliseconds sleep = kLongestSleep;
  if (!steady_.empty()) {
    const auto left =
        std::chrono::ceil<milliseconds>(steady_.begin()->first - now.steady);
    sleep = std::min(sleep, left);
  }
  if (!wall_.empty()) {
    sleep = std::min<milliseconds>(
        sleep, std::chrono::seconds(std::min<int64_t>(wall_.begin()->first - now.wall,
                                                      kLongestSleep.count())));
  }
  return std::max(sleep, milliseconds(0));
}

}  // namespace nscp::scheduler
