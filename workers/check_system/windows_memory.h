// The memory of a Windows machine as kinds of memory, from the figures that Windows
// tells. Pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "workers/check_system/memory_source.h"

namespace nscp::check_system {

// Of PERFORMANCE_INFORMATION; all but the size of a page in pages.
struct WindowsMemory {
  uint64_t page_size = 0;
  uint64_t commit_total = 0;
  uint64_t commit_limit = 0;
  uint64_t physical_total = 0;
  uint64_t physical_available = 0;
  uint64_t system_cache = 0;
  uint64_t kernel_paged = 0;
  uint64_t kernel_nonpaged = 0;
};

// Of ENUM_PAGE_FILE_INFORMATION, in pages.
struct WindowsPagefile {
  std::string name;
  uint64_t total = 0;
  uint64_t used = 0;
};

// More page files than drives have letters; the rest is left out.
constexpr size_t kMaxPagefiles = 64;

// committed (what was promised to programs, of what memory and page files can hold),
// physical, and page: all page files. Where `files` is nothing, because Windows does not
// tell of page files, their size and use are what the limit has beyond the physical
// memory.
MemorySample MakeWindowsMemory(const WindowsMemory& memory,
                               const std::optional<std::vector<WindowsPagefile>>& files);

}  // namespace nscp::check_system
