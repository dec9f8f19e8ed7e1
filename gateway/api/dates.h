// Dates as the logs and events resources print them (rest-api.md 5.8). Any thread.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>

namespace nscp::gateway {

// The broken-down local time.
std::tm LocalTime(std::time_t seconds);
std::tm UtcTime(std::time_t seconds);

// "2026-Nov-21 21:17:03", local time; `time_ms` since 1970.
std::string FormatDate(int64_t time_ms);

}  // namespace nscp::gateway
