#include <windows.h>
// After windows.h, which it needs.
#include <winternl.h>

#include "workers/check_system/memory_source.h"
#include "workers/check_system/nt_counters.h"
#include "workers/check_system/nt_query_win32.h"
#include "workers/check_system/paging_source.h"

namespace nscp::check_system {

Result<PagingCounters> ReadPaging() {
  ASSIGN_OR_RETURN(const NtAnswer answer,
                   QueryNt("read the counters of page faults",
                           SystemPerformanceInformation, kNtCountersSize));
  const auto counters = ParseNtCounters(answer.bytes);
  if (!counters) {
    return Status::Unimplemented(
        "Windows tells no counters of page faults here (use check_pagefile)");
  }
  return counters->paging;
}

Result<int64_t> CountSwaps() {
  ASSIGN_OR_RETURN(const MemorySample memory, ReadMemory());
  return static_cast<int64_t>(memory.pagefiles.size());
}

int64_t PageSize() {
  SYSTEM_INFO system{};
  ::GetSystemInfo(&system);
  return static_cast<int64_t>(system.dwPageSize);
}

}  // namespace nscp::check_system
