#include "workers/check_system/memory_source.h"
#include "workers/check_system/proc_meminfo.h"
#include "workers/check_system/proc_stat.h"

namespace nscp::check_system {

Result<MemorySample> ReadMemory() {
  ASSIGN_OR_RETURN(const std::string text, ReadProcFile("/proc/meminfo"));
  return ParseMeminfo(text);
}

}  // namespace nscp::check_system
