// Counters of Windows' kernel as NtQuerySystemInformation tells them
// (SYSTEM_PERFORMANCE_INFORMATION). Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "workers/check_system/paging_source.h"

namespace nscp::check_system {

// Newer systems know more counters and ask for a larger buffer.
constexpr size_t kNtCountersSize = 1024;

struct NtCounters {
  PagingCounters paging;
  uint64_t context_switches = 0;
};

// Nothing for an answer that is too short. The counters have 32 bits and wrap.
std::optional<NtCounters> ParseNtCounters(std::string_view answer);

}  // namespace nscp::check_system
