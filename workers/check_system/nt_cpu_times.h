// The times of single processors as NtQuerySystemInformation tells them
// (SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION). Pure functions; any thread.
#pragma once

#include <string_view>

#include "workers/check_system/cpu_source.h"

namespace nscp::check_system {

// Adds the processors of one answer to the sample, and their times to its sums. What is
// left of an answer that was cut off is passed over.
void AddNtProcessors(std::string_view answer, CpuSample& sample);

}  // namespace nscp::check_system
