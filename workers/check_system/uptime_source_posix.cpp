#include "workers/check_system/proc_stat.h"
#include "workers/check_system/uptime_source.h"

namespace nscp::check_system {

Result<double> ReadUptime() {
  ASSIGN_OR_RETURN(const std::string text, ReadProcFile("/proc/uptime"));
  return ParseProcUptime(text);
}

}  // namespace nscp::check_system
