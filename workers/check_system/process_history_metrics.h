// The history of programs as metrics of the bundle `system.process_history`
// (modules.md C1). Any thread.
#pragma once

#include <vector>

#include "workers/check_system/process_history.h"
#include "workers/sdk/metric.h"

namespace nscp::check_system {

// Of each program whether it runs, how often it appeared and when; how many there are,
// how many of them run.
void AddProcessHistoryMetrics(const std::vector<ProcessRecord>& records,
                              std::vector<sdk::Metric>& out);

}  // namespace nscp::check_system
