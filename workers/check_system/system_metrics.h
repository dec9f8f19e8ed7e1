// The metrics of CheckSystem (modules.md C1, "Metrics produced"): what the collectors and
// sources found, as figures of the bundle `system`. Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "workers/check_system/check_network.h"
#include "workers/check_system/cpu_history.h"
#include "workers/check_system/memory_source.h"
#include "workers/check_system/sensor_source.h"
#include "workers/checks/time_zone.h"
#include "workers/sdk/metric.h"

namespace nscp::check_system {

// The load in the metrics is the average over so long: a peak of one second is not a
// load.
constexpr int64_t kCpuMetricsSeconds = 5;

// `interval`: between two samples of the processors.
void AddCollectorMetrics(std::chrono::milliseconds interval,
                         std::vector<sdk::Metric>& out);
// Percent.
void AddCpuMetrics(const CpuAverages& load, std::vector<sdk::Metric>& out);
// Bytes, and the used part in percent.
void AddMemoryMetrics(const std::vector<Memory>& memory, std::vector<sdk::Metric>& out);
// `uptime` in seconds, `now` since 1970.
void AddUptimeMetrics(double uptime, int64_t now, const checks::TimeZone& zone,
                      std::vector<sdk::Metric>& out);
// Bytes per second, and the state of the link as text.
void AddNetworkMetrics(const std::vector<NetworkRow>& rows,
                       std::vector<sdk::Metric>& out);
// Megahertz; nothing of no cores.
void AddFrequencyMetrics(const std::vector<CpuFrequency>& cores,
                         std::vector<sdk::Metric>& out);
// Degrees Celsius.
void AddTemperatureMetrics(const std::vector<Temperature>& sensors,
                           std::vector<sdk::Metric>& out);
void AddBatteryMetrics(const std::vector<Battery>& batteries,
                       std::vector<sdk::Metric>& out);

}  // namespace nscp::check_system
