#include <unistd.h>

#include <algorithm>

#include "workers/check_system/paging_source.h"
#include "workers/check_system/proc_stat.h"

namespace nscp::check_system {

Result<PagingCounters> ReadPaging() {
  ASSIGN_OR_RETURN(const std::string text, ReadProcFile("/proc/vmstat"));
  return ParseVmstat(text);
}

Result<int64_t> CountSwaps() {
  ASSIGN_OR_RETURN(const std::string text, ReadProcFile("/proc/swaps"));
  return ParseSwaps(text);
}

int64_t PageSize() { return std::max(1L, ::sysconf(_SC_PAGESIZE)); }

}  // namespace nscp::check_system
