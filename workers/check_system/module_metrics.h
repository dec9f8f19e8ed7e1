// The module's figures as they are now: from the collector and from the sensors to
// metrics. What cannot be read, or not before `deadline`, has none. Any thread.
#pragma once

#include <chrono>
#include <vector>

#include "workers/check_system/collector.h"
#include "workers/sdk/metric.h"

namespace nscp::check_system {

// Processors, memory and interfaces.
void AddSampledMetrics(Collector& collector,
                       std::chrono::steady_clock::time_point deadline,
                       std::vector<sdk::Metric>& out);

// Clocks, temperatures and batteries.
void AddSensorMetrics(std::chrono::steady_clock::time_point deadline,
                      std::vector<sdk::Metric>& out);

}  // namespace nscp::check_system
