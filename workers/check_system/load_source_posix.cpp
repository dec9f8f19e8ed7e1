#include <unistd.h>

#include <algorithm>

#include "workers/check_system/load_source.h"
#include "workers/check_system/proc_stat.h"

namespace nscp::check_system {

Result<LoadAverage> ReadLoadAverage() {
  ASSIGN_OR_RETURN(const std::string text, ReadProcFile("/proc/loadavg"));
  ASSIGN_OR_RETURN(LoadAverage load, ParseLoadAverage(text));
  load.cpus = std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN));
  return load;
}

Result<int64_t> ReadThreadCount() {
  ASSIGN_OR_RETURN(const LoadAverage load, ReadLoadAverage());
  return load.total;
}

}  // namespace nscp::check_system
