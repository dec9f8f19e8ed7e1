// How often pages of memory had to be found, and moved to and from the swap, from the
// operating system. Any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::check_system {

// Since the start of the system. What the kernel does not count is 0.
struct PagingCounters {
  uint64_t page_faults = 0;   // minor and major together
  uint64_t major_faults = 0;  // those that needed a disk
  uint64_t swapped_in = 0;    // pages
  uint64_t swapped_out = 0;
};

Result<PagingCounters> ReadPaging();
// Devices and files that the system swaps to.
Result<int64_t> CountSwaps();
// Bytes of a page.
int64_t PageSize();

// The text of Linux's /proc/vmstat and /proc/swaps (proc(5)).
Result<PagingCounters> ParseVmstat(std::string_view text);
int64_t ParseSwaps(std::string_view text);

}  // namespace nscp::check_system
