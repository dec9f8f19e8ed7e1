// A time table in the five fields of crontab(5): minute, hour, day of month, month, day
// of week. Each is `*` or a comma list of numbers; ranges (`1-5`) and steps (`*/10`,
// `1-30/2`) are understood as well. Ranges 0-59, 0-23, 1-31, 1-12, 0-6 (0 = Sunday; 7 is
// Sunday too). All fields must match, the day of month and the day of week as well: there
// crontab(5) wants either (modules.md C8).
//
// A value; any thread.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/cpp/status.h"
#include "workers/checks/time_zone.h"

namespace nscp::scheduler {

class Cron {
 public:
  // The error names the field and what may stand there.
  static Result<Cron> Parse(std::string_view text);

  // The first full minute after `after` (seconds since 1970) that matches; nothing where
  // there is none in the next kYearsAhead. A minute that the clock leaves out when
  // daylight saving time begins is left out; one that comes twice matches twice.
  std::optional<int64_t> Next(int64_t after, const checks::TimeZone& zone) const;

  static constexpr int kYearsAhead = 9;  // the 29th of February comes within 8

 private:
  using Field = std::bitset<64>;
  bool MatchesDate(const checks::WallTime& time) const;

  Field minutes_, hours_, days_, months_, weekdays_;
};

}  // namespace nscp::scheduler
