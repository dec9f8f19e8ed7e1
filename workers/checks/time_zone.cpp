#include "workers/checks/time_zone.h"

#include <optional>

#include "proto/cpp/text.h"

namespace nscp::checks {
namespace {

constexpr int64_t kSecondsOfDay = 86400;
// 0001-01-01 and 9999-12-31: what four digits can say.
constexpr int64_t kFirstTime = -62135596800;
constexpr int64_t kLastTime = 253402300799;

struct Date {
  int64_t year;
  int month;
  int day;
};

// The proleptic Gregorian calendar, counted in eras of 400 years from 0000-03-01.
int64_t DaysOf(Date date) {
  const int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t month = (date.month + 9) % 12;
  const int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  const int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

Date DateOf(int64_t days) {
  days += 719468;
  const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const int64_t day_of_era = days - era * 146097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month = (5 * day_of_year + 2) / 153;
  Date date;
  date.day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  date.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  date.year = year_of_era + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

int64_t FloorDays(int64_t seconds) {
  return seconds / kSecondsOfDay - (seconds % kSecondsOfDay < 0 ? 1 : 0);
}

bool IsLeap(int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// Seconds since 1970 at which `rule` applies in `year`, as if the clock there showed UTC.
int64_t TimeOf(const ZoneRule& rule, int64_t year) {
  int64_t days = DaysOf({year, 1, 1});
  if (rule.kind == ZoneRule::Kind::kDayOfYear) {
    days += rule.day;
  } else if (rule.kind == ZoneRule::Kind::kJulian) {
    constexpr int kLastOfFebruary = 59;  // 29 February is never counted
    days += rule.day - 1 + (IsLeap(year) && rule.day > kLastOfFebruary ? 1 : 0);
  } else {
    const int64_t first = DaysOf({year, rule.month, 1});
    const int64_t weekday = ((first + 4) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
    days = first + (rule.day - weekday + 7) % 7 + 7 * (rule.week - 1);
    const int64_t next =
        rule.month == 12 ? DaysOf({year + 1, 1, 1}) : DaysOf({year, rule.month + 1, 1});
    while (days >= next) days -= 7;
  }
  return days * kSecondsOfDay + rule.time;
}

// Reads a POSIX TZ text from left to right.
class ZoneReader {
 public:
  explicit ZoneReader(std::string_view text) : text_(text) {}

  bool AtEnd() const { return text_.empty(); }
  bool Take(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool Name() {
    if (Take('<')) {
      const size_t close = text_.find('>');
      if (close == std::string_view::npos || close < 3) return false;
      text_.remove_prefix(close + 1);
      return true;
    }
    size_t length = 0;
    while (length < text_.size() && ((text_[length] | 0x20) >= 'a') &&
           ((text_[length] | 0x20) <= 'z')) {
      ++length;
    }
    text_.remove_prefix(length);
    return length >= 3;
  }
  // At most three digits.
  std::optional<int> Number(int low, int high) {
    int number = 0;
    size_t length = 0;
    while (length < text_.size() && length < 3 && text_[length] >= '0' &&
           text_[length] <= '9') {
      number = number * 10 + (text_[length++] - '0');
    }
    text_.remove_prefix(length);
    if (length == 0 || number < low || number > high) return std::nullopt;
    return number;
  }
  // [+-]hh[:mm[:ss]] in seconds.
  std::optional<int64_t> Time() {
    const bool negative = Take('-');
    if (!negative) Take('+');
    int64_t seconds = 0;
    const int limits[] = {167, 59, 59};
    const int64_t factors[] = {3600, 60, 1};
    for (int i = 0; i < 3; ++i) {
      if (i > 0 && !Take(':')) break;
      const auto part = Number(0, limits[i]);
      if (!part) return std::nullopt;
      seconds += *part * factors[i];
    }
    return negative ? -seconds : seconds;
  }
  std::optional<ZoneRule> Rule() {
    ZoneRule rule;
    if (Take('M')) {
      const auto month = Number(1, 12);
      const auto week = month && Take('.') ? Number(1, 5) : std::nullopt;
      const auto day = week && Take('.') ? Number(0, 6) : std::nullopt;
      if (!day) return std::nullopt;
      rule = {ZoneRule::Kind::kMonthWeekDay, *month, *week, *day, 7200};
    } else {
      const bool julian = Take('J');
      const auto day = julian ? Number(1, 365) : Number(0, 365);
      if (!day) return std::nullopt;
      rule.kind = julian ? ZoneRule::Kind::kJulian : ZoneRule::Kind::kDayOfYear;
      rule.day = *day;
    }
    if (Take('/')) {
      const auto time = Time();
      if (!time) return std::nullopt;
      rule.time = *time;
    }
    return rule;
  }

 private:
  std::string_view text_;
};

std::string Padded(int number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string FormatWallTime(const WallTime& time) {
  std::string digits = std::to_string(time.year);
  if (digits.size() < 4) digits.insert(0, 4 - digits.size(), '0');
  return digits + "-" + Padded(time.month) + "-" + Padded(time.day) + " " +
         Padded(time.hour) + ":" + Padded(time.minute) + ":" + Padded(time.second);
}

}  // namespace

Result<TimeZone> TimeZone::Parse(std::string_view text) {
  TimeZone zone;
  text = Trim(text);
  if (text.empty() || EqualsIgnoreCase(text, "local")) return zone;
  zone.name_ = std::string(text);
  zone.kind_ = Kind::kFixed;
  if (EqualsIgnoreCase(text, "utc")) return zone;
  const Status invalid = Status::InvalidArgument(
      "Invalid time zone '" + zone.name_ +
      "': write local, utc or a POSIX rule such as CET-1CEST,M3.5.0,M10.5.0/3");
  ZoneReader reader(text);
  if (!reader.Name()) return invalid;
  const auto west = reader.Time();
  if (!west) return invalid;
  zone.standard_ = -*west;
  if (reader.AtEnd()) return zone;
  if (!reader.Name()) return invalid;
  zone.kind_ = Kind::kRules;
  zone.daylight_ = zone.standard_ + 3600;
  zone.end_ = {ZoneRule::Kind::kMonthWeekDay, 11, 1, 0, 7200};
  if (!reader.AtEnd() && !reader.Take(',')) {
    const auto daylight_west = reader.Time();
    if (!daylight_west) return invalid;
    zone.daylight_ = -*daylight_west;
    if (!reader.AtEnd() && !reader.Take(',')) return invalid;
  }
  if (reader.AtEnd()) return zone;
  const auto begin = reader.Rule();
  if (!begin || !reader.Take(',')) return invalid;
  const auto end = reader.Rule();
  if (!end || !reader.AtEnd()) return invalid;
  zone.begin_ = *begin;
  zone.end_ = *end;
  return zone;
}

int64_t TimeZone::OffsetAt(int64_t seconds) const {
  if (kind_ != Kind::kRules) return standard_;
  const int64_t year = DateOf(FloorDays(seconds + standard_)).year;
  const int64_t begin = TimeOf(begin_, year) - standard_;
  const int64_t end = TimeOf(end_, year) - daylight_;
  const bool in_daylight =
      begin < end ? seconds >= begin && seconds < end : seconds >= begin || seconds < end;
  return in_daylight ? daylight_ : standard_;
}

std::optional<WallTime> TimeZone::At(int64_t seconds) const {
  if (seconds < kFirstTime + kSecondsOfDay * 7 ||
      seconds > kLastTime - kSecondsOfDay * 7) {
    return std::nullopt;
  }
  if (kind_ == Kind::kLocal) {
    std::tm local{};
    if (!ToLocalTime(seconds, local)) return std::nullopt;
    return WallTime{local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, local.tm_hour,
                    local.tm_min,         local.tm_sec,     local.tm_wday};
  }
  const int64_t shown = seconds + OffsetAt(seconds);
  const int64_t days = FloorDays(shown);
  const Date date = DateOf(days);
  const int within = static_cast<int>(shown - days * kSecondsOfDay);
  constexpr int64_t kThursday = 4;  // 1970-01-01
  const auto weekday = static_cast<int>(((days + kThursday) % 7 + 7) % 7);
  return WallTime{date.year,        date.month,  date.day, within / 3600,
                  within / 60 % 60, within % 60, weekday};
}

std::string TimeZone::Format(int64_t seconds) const {
  const auto time = At(seconds);
  return time ? FormatWallTime(*time) : std::to_string(seconds);
}

}  // namespace nscp::checks
