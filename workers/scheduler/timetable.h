// What is due when. Intervals go by the steady clock, so that a clock that is set changes
// nothing; cron by the clock on the wall. Knows no thread and no clock: the times are
// given. Used by one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <vector>

#include "workers/scheduler/schedule.h"

namespace nscp::scheduler {

struct Instant {
  std::chrono::steady_clock::time_point steady;
  int64_t wall = 0;  // seconds since 1970
};

class Timetable {
 public:
  // The clock on the wall may be set while one sleeps: no longer than this at a time.
  static constexpr std::chrono::seconds kLongestSleep{30};

  // Schedules outlive it. Those that run at the start are due at a chance moment of
  // `startup_window`, others one interval (of which the random part is left to chance)
  // or cron's next minute later.
  Timetable(const std::vector<Schedule>& schedules, const checks::TimeZone& zone,
            std::chrono::milliseconds startup_window, const Instant& now, uint32_t seed);

  // Those that are due, oldest first, and plans each anew. A time that has passed more
  // than once is due once.
  std::vector<size_t> TakeDue(const Instant& now);
  // How long nothing will be due, at most kLongestSleep.
  std::chrono::milliseconds Sleep(const Instant& now) const;

 private:
  using Steady = std::chrono::steady_clock::time_point;
  void Plan(size_t index, const Instant& now);

  const std::vector<Schedule>& schedules_;
  const checks::TimeZone zone_;
  std::minstd_rand random_;
  std::multimap<Steady, size_t> steady_;
  std::multimap<int64_t, size_t> wall_;
};

}  // namespace nscp::scheduler
