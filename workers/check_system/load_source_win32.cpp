#include "workers/check_system/load_source.h"

#include <windows.h>
// After windows.h, which it needs.
#include <psapi.h>

#include "proto/cpp/windows_win32.h"

namespace nscp::check_system {

Result<LoadAverage> ReadLoadAverage() {
  return Status::Unimplemented(
      "check_load is not available on Windows: the system keeps no load average (use "
      "check_cpu)");
}

Result<int64_t> ReadThreadCount() {
  PERFORMANCE_INFORMATION known{};
  if (!::GetPerformanceInfo(&known, sizeof(known))) {
    return LastError("Failed to count threads");
  }
  return static_cast<int64_t>(known.ThreadCount);
}

}  // namespace nscp::check_system
