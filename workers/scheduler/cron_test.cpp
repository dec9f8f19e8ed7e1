#include "workers/scheduler/cron.h"

#include <doctest/doctest.h>

#include <string>

namespace nscp::scheduler {
namespace {

checks::TimeZone Zone(const std::string& name) {
  auto zone = checks::TimeZone::Parse(name);
  REQUIRE(zone.ok());
  return std::move(zone).value();
}

TEST_CASE("the next time of a table") {
  // Times by `date -d @<seconds>`.
  constexpr int64_t kWednesday = 1704283200;  // 2024-01-03 12:00:00 UTC
  const struct {
    const char* table;
    const char* zone;
    int64_t after;
    const char* next;
  } rows[] = {
      {"* * * * *", "utc", kWednesday, "2024-01-03 12:01:00"},
      {"* * * * *", "utc", kWednesday + 59, "2024-01-03 12:01:00"},
      {"* * * * *", "utc", kWednesday - 1, "2024-01-03 12:00:00"},
      {"0 * * * *", "utc", kWednesday, "2024-01-03 13:00:00"},
      {"30 4 * * *", "utc", kWednesday, "2024-01-04 04:30:00"},
      {"0,15,45 * * * *", "utc", kWednesday + 15 * 60, "2024-01-03 12:45:00"},
      {"*/10 12-13 * * *", "utc", kWednesday + 51 * 60, "2024-01-03 13:00:00"},
      {"5-10/5 0 1 * *", "utc", kWednesday, "2024-02-01 00:05:00"},
      {"0 0 29 2 *", "utc", kWednesday + 86400 * 60, "2028-02-29 00:00:00"},
      // Both the day of the month and the day of the week.
      {"0 0 13 * 5", "utc", kWednesday, "2024-09-13 00:00:00"},
      {"0 8 * * 0", "utc", kWednesday, "2024-01-07 08:00:00"},
      {"0 8 * * 7", "utc", kWednesday, "2024-01-07 08:00:00"},
      {"0 9 * 3 *", "EST5EDT,M3.2.0,M11.1.0", kWednesday, "2024-03-01 09:00:00"},
      // Half past two does not come on the day the clock goes forward ...
      {"30 2 * * *", "CET-1CEST,M3.5.0,M10.5.0/3", 1711846800 - 3600 * 2,
       "2024-04-01 02:30:00"},
      // ... and comes twice when it goes back.
      {"30 2 * * *", "CET-1CEST,M3.5.0,M10.5.0/3", 1729989000, "2024-10-27 02:30:00"},
      {"30 2 * * *", "CET-1CEST,M3.5.0,M10.5.0/3", 1729989000 + 3600,
       "2024-10-28 02:30:00"},
      {"15 6 * * *", "<+0545>-5:45", kWednesday, "2024-01-04 06:15:00"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.table);
    CAPTURE(row.after);
    const auto cron = Cron::Parse(row.table);
    REQUIRE(cron.ok());
    const auto zone = Zone(row.zone);
    const auto next = cron->Next(row.after, zone);
    REQUIRE(next.has_value());
    CHECK(*next > row.after);
    CHECK(zone.Format(*next) == row.next);
  }
}

TEST_CASE("a day that never comes") {
  CHECK_FALSE(Cron::Parse("0 0 31 2 *")->Next(1704283200, Zone("utc")).has_value());
  CHECK_FALSE(Cron::Parse("* * * * *")->Next(INT64_MAX / 2, Zone("utc")).has_value());
}

TEST_CASE("what is no table is refused, and the field named") {
  const struct {
    const char* text;
    const char* says;
  } rows[] = {
      {"", "five fields"},
      {"* * * *", "five fields"},
      {"* * * * * *", "five fields"},
      {"60 * * * *", "minute"},
      {"* 24 * * *", "hour"},
      {"* * 0 * *", "day of month"},
      {"* * * 13 *", "month"},
      {"* * * * 8", "day of week"},
      {"* * * * mon", "day of week"},
      {"1, * * * *", "minute"},
      {"-5 * * * *", "minute"},
      {"5-1 * * * *", "minute"},
      {"*/0 * * * *", "minute"},
      {"1-5-7 * * * *", "minute"},
      {"99999999999999999999 * * * *", "minute"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto cron = Cron::Parse(row.text);
    REQUIRE_FALSE(cron.ok());
    CHECK(cron.status().message().find(row.says) != std::string::npos);
  }
}

}  // namespace
}  // namespace nscp::scheduler
