#include "workers/checks/time_zone.h"

namespace nscp::checks {

bool ToLocalTime(int64_t seconds_since_1970, std::tm& out) {
  const std::time_t seconds = static_cast<std::time_t>(seconds_since_1970);
  return ::localtime_s(&out, &seconds) == 0;
}

}  // namespace nscp::checks
