#include "kernel/telemetry/log_sink.h"

namespace nscp::kernel {

bool ToLocalTime(std::time_t seconds, std::tm* parts) {
  return localtime_r(&seconds, parts) != nullptr;
}

}  // namespace nscp::kernel
