// Reads the text of Linux's /proc/meminfo (proc(5)). Any thread.
#pragma once

#include <string_view>

#include "workers/check_system/memory_source.h"

namespace nscp::check_system {

// "physical" counts caches as used, "cached" counts buffers and page cache as free.
Result<MemorySample> ParseMeminfo(std::string_view text);

}  // namespace nscp::check_system
