#include "workers/check_system/cpu_source.h"
#include "workers/check_system/proc_stat.h"

namespace nscp::check_system {

Result<CpuSample> ReadCpu() {
  ASSIGN_OR_RETURN(const std::string text, ReadProcFile("/proc/stat"));
  return ParseProcStat(text);
}

}  // namespace nscp::check_system
