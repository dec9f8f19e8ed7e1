#include "gateway/api/dates.h"

namespace nscp::gateway {

std::tm LocalTime(std::time_t seconds) {
  std::tm broken{};
  localtime_r(&seconds, &broken);
  return broken;
}

std::tm UtcTime(std::time_t seconds) {
  std::tm broken{};
  gmtime_r(&seconds, &broken);
  return broken;
}

}  // namespace nscp::gateway
