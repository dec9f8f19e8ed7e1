#include "kernel/telemetry/log_sink.h"

namespace nscp::kernel {

bool ToLocalTime(std::time_t seconds, std::tm* parts) {
  return localtime_s(parts, &seconds) == 0;
}

}  // namespace nscp::kernel
