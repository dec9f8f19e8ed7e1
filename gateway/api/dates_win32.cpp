#include "gateway/api/dates.h"

namespace nscp::gateway {

std::tm LocalTime(std::time_t seconds) {
  std::tm broken{};
  localtime_s(&broken, &seconds);
  return broken;
}

std::tm UtcTime(std::time_t seconds) {
  std::tm broken{};
  gmtime_s(&broken, &seconds);
  return broken;
}

}  // namespace nscp::gateway
