#include "workers/check_system/module_metrics.h"

#include "workers/check_system/change.h"
#include "workers/check_system/check_network.h"
#include "workers/check_system/commands.h"
#include "workers/check_system/sensor_source.h"
#include "workers/check_system/system_metrics.h"

namespace nscp::check_system {
namespace {

using Clock = std::chrono::steady_clock;

Cancelled Until(Clock::time_point deadline) {
  return [deadline] { return Clock::now() > deadline; };
}

std::vector<NetworkRow> NetworkNow(Collector& collector, Clock::time_point deadline) {
  const auto pair = collector.WaitForPair("network", Clock::now());
  if (!pair.ok() || !pair->before->network.ok() || !pair->after->network.ok()) return {};
  const std::chrono::duration<double> seconds = pair->after->at - pair->before->at;
  std::vector<NetworkRow> rows =
      NetworkRows({*pair->before->network, *pair->after->network, seconds.count()});
  AddFacts(
      [&](const std::vector<std::string>& names) {
        return ReadInterfaceFacts(names, Until(deadline));
      },
      rows);
  return rows;
}

}  // namespace

void AddSampledMetrics(Collector& collector, Clock::time_point deadline,
                       std::vector<sdk::Metric>& out) {
  if (collector.WaitForCpu(Clock::now()).ok()) {
    AddCpuMetrics(collector.Average(kCpuMetricsSeconds), out);
  }
  if (const auto memory = MemoryNow(collector); memory.ok()) {
    AddMemoryMetrics(memory->kinds, out);
  }
  AddNetworkMetrics(NetworkNow(collector, deadline), out);
}

void AddSensorMetrics(Clock::time_point deadline, std::vector<sdk::Metric>& out) {
  if (const auto cores = ReadCpuFrequencies(Until(deadline)); cores.ok()) {
    AddFrequencyMetrics(*cores, out);
  }
  if (const auto sensors = ReadTemperatures(Until(deadline)); sensors.ok()) {
    AddTemperatureMetrics(*sensors, out);
  }
  if (const auto batteries = ReadBatteries(Until(deadline)); batteries.ok()) {
    AddBatteryMetrics(*batteries, out);
  }
}

}  // namespace nscp::check_system
