#include "workers/check_system/sensor_source.h"
#include "workers/check_system/sysfs_sensors.h"

namespace nscp::check_system {
namespace {

constexpr char kSys[] = "/sys";

}  // namespace

Result<std::vector<Temperature>> ReadTemperatures(const Cancelled& cancelled) {
  return SysTemperatures(kSys, cancelled);
}

Result<std::vector<Battery>> ReadBatteries(const Cancelled& cancelled) {
  return SysBatteries(kSys, cancelled);
}

Result<std::vector<CpuFrequency>> ReadCpuFrequencies(const Cancelled& cancelled) {
  return SysCpuFrequencies(kSys, cancelled);
}

}  // namespace nscp::check_system
