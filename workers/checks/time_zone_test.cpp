#include "workers/checks/time_zone.h"

#include <doctest/doctest.h>

namespace nscp::checks {
namespace {

TEST_CASE("times are printed in the zone that was asked for") {
  const struct {
    const char* zone;
    int64_t time;
    const char* text;
  } rows[] = {
      {"utc", 0, "1970-01-01 00:00:00"},
      {"UTC", 1704441600, "2024-01-05 08:00:00"},
      {"UTC0", 951782400, "2000-02-29 00:00:00"},
      {"utc", -1, "1969-12-31 23:59:59"},
      {"CET-1CEST,M3.5.0,M10.5.0/3", 1704441600, "2024-01-05 09:00:00"},
      {"CET-1CEST,M3.5.0,M10.5.0/3", 1711846799, "2024-03-31 01:59:59"},
      {"CET-1CEST,M3.5.0,M10.5.0/3", 1711846800, "2024-03-31 03:00:00"},
      {"CET-1CEST,M3.5.0,M10.5.0/3", 1729990799, "2024-10-27 02:59:59"},
      {"CET-1CEST,M3.5.0,M10.5.0/3", 1729990800, "2024-10-27 02:00:00"},
      {"EST5EDT", 1710053999, "2024-03-10 01:59:59"},
      {"EST5EDT", 1710054000, "2024-03-10 03:00:00"},
      {"EST5EDT", 1730613600, "2024-11-03 01:00:00"},
      {"AEST-10AEDT,M10.1.0,M4.1.0/3", 1704441600, "2024-01-05 19:00:00"},
      {"AEST-10AEDT,M10.1.0,M4.1.0/3", 1719792000, "2024-07-01 10:00:00"},
      {"<+0545>-5:45", 0, "1970-01-01 05:45:00"},
      {"IST-1GMT0,J300,J86/1", 1704441600, "2024-01-05 08:00:00"},
      {"AAA0BBB,0/0,365/0", 1719792000, "2024-07-01 01:00:00"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.zone);
    const auto zone = TimeZone::Parse(row.zone);
    REQUIRE(zone.ok());
    CHECK(zone->Format(row.time) == row.text);
    CHECK(zone->name() == row.zone);
  }
  CHECK(TimeZone::Parse("utc")->Format(INT64_MAX) == "9223372036854775807");
  CHECK(TimeZone::Parse("")->name() == "local");
  CHECK(TimeZone().Format(1704441600).size() == 19);
}

TEST_CASE("what the clock on the wall shows") {
  const auto zone = TimeZone::Parse("CET-1CEST,M3.5.0,M10.5.0/3");
  REQUIRE(zone.ok());
  const auto time =
      zone->At(1711846800);  // `date -d @1711846800`: the clock has just changed
  REQUIRE(time.has_value());
  CHECK(time->year == 2024);
  CHECK(time->month == 3);
  CHECK(time->day == 31);
  CHECK(time->hour == 3);
  CHECK(time->minute == 0);
  CHECK(time->second == 0);
  CHECK(time->weekday == 0);
  CHECK(TimeZone::Parse("utc")->At(-86401)->weekday == 2);  // 1969-12-30
  CHECK_FALSE(zone->At(INT64_MAX).has_value());
}

TEST_CASE("zones that cannot be read are refused") {
  for (const char* text :
       {"CE", "CET", "CET-1CEST,M3.5", "CET-1CEST,M13.5.0,M1.1.1", "CET-1CEST,M3.5.0",
        "CET-1CEST,M3.5.0,M10.5.0x", "<X-1", "5", "CET-200", "CET-1CEST;"}) {
    CAPTURE(text);
    CHECK_FALSE(TimeZone::Parse(text).ok());
  }
}

}  // namespace
}  // namespace nscp::checks
