#include "gateway/api/dates.h"

#include <cstdio>

namespace nscp::gateway {

std::string FormatDate(int64_t time_ms) {
  // Not strftime: the months must not follow the locale.
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::tm time = LocalTime(static_cast<std::time_t>(time_ms / 1000));
  char text[80];
  std::snprintf(text, sizeof text, "%04d-%s-%02d %02d:%02d:%02d", time.tm_year + 1900,
                kMonths[static_cast<unsigned>(time.tm_mon) % 12], time.tm_mday,
                time.tm_hour, time.tm_min, time.tm_sec);
  return text;
}

}  // namespace nscp::gateway
