// The sensors that Linux shows below /sys. `root` is that folder; tests hand in another
// one. Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/sensor_source.h"

namespace nscp::check_system {

// class/thermal (Linux: Documentation/driver-api/thermal/sysfs-api.rst), then those of
// class/hwmon (Documentation/hwmon/sysfs-interface.rst) that are not one of the first
// again.
std::vector<Temperature> SysTemperatures(const std::string& root,
                                         const Cancelled& cancelled);

// class/power_supply (Documentation/ABI/testing/sysfs-class-power). Batteries of devices
// that are only connected, such as a mouse, are left out.
std::vector<Battery> SysBatteries(const std::string& root, const Cancelled& cancelled);

// devices/system/cpu/cpu*/cpufreq (Documentation/admin-guide/pm/cpufreq.rst).
std::vector<CpuFrequency> SysCpuFrequencies(const std::string& root,
                                            const Cancelled& cancelled);

}  // namespace nscp::check_system
