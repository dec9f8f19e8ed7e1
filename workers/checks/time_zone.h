// The zone in which checks print times: the setting `timezone`. Reads POSIX TZ rules by
// itself, since setting TZ would change the whole process. A value; any thread.
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::checks {

// When daylight saving time begins or ends, in one of the three forms of POSIX TZ.
struct ZoneRule {
  enum class Kind { kMonthWeekDay, kJulian, kDayOfYear } kind = Kind::kMonthWeekDay;
  int month = 3;        // 1 to 12
  int week = 2;         // 1 to 5, 5 = the last
  int day = 0;          // weekday 0 = Sunday; else the day's number
  int64_t time = 7200;  // seconds after midnight, local
};

// A time as the clock on the wall shows it.
struct WallTime {
  int64_t year = 1970;
  int month = 1;  // 1 to 12
  int day = 1;    // 1 to 31
  int hour = 0;
  int minute = 0;
  int second = 0;
  int weekday = 4;  // 0 = Sunday
};

class TimeZone {
 public:
  TimeZone() = default;  // local
  // "local" (also empty), "utc", or a POSIX TZ rule such as "CET-1CEST,M3.5.0,M10.5.0/3".
  static Result<TimeZone> Parse(std::string_view text);

  const std::string& name() const { return name_; }
  // "%Y-%m-%d %H:%M:%S"; times outside of the years 1 to 9999 give their seconds.
  std::string Format(int64_t seconds_since_1970) const;
  // Nothing outside of the years 1 to 9999.
  std::optional<WallTime> At(int64_t seconds_since_1970) const;
  // Seconds to add to UTC at that time. Not for "local".
  int64_t OffsetAt(int64_t seconds_since_1970) const;

 private:
  enum class Kind { kLocal, kFixed, kRules };
  Kind kind_ = Kind::kLocal;
  std::string name_ = "local";
  int64_t standard_ = 0;  // east of Greenwich
  int64_t daylight_ = 0;
  ZoneRule begin_;
  ZoneRule end_;
};

// Broken down by the operating system's own zone. False where it cannot.
bool ToLocalTime(int64_t seconds_since_1970, std::tm& out);

}  // namespace nscp::checks
