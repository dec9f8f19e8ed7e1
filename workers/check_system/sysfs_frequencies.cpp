#include "workers/check_system/sysfs.h"
#include "workers/check_system/sysfs_sensors.h"

namespace nscp::check_system {
namespace {

constexpr int64_t kKilohertzPerMegahertz = 1000;

int64_t Megahertz(const std::string& path) {
  const int64_t kilohertz = SysNumber(path).value_or(0);
  return kilohertz > 0 ? (kilohertz + kKilohertzPerMegahertz / 2) / kKilohertzPerMegahertz
                       : 0;
}

// Of "cpu12" the number; the folder has "cpufreq" and "cpuidle" as well.
bool IsCore(std::string_view name) {
  name.remove_prefix(3);
  return !name.empty() && name.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::vector<CpuFrequency> SysCpuFrequencies(const std::string& root,
                                            const Cancelled& cancelled) {
  std::vector<CpuFrequency> found;
  for (const std::string& core : SysEntries(root + "/devices/system/cpu", "cpu")) {
    if (cancelled && cancelled()) break;
    const std::string_view name = SysName(core);
    if (!IsCore(name)) continue;
    CpuFrequency frequency;
    frequency.name = "core " + std::string(name.substr(3));
    frequency.current = Megahertz(core + "/cpufreq/scaling_cur_freq");
    // Drivers that only root may ask, or that have no governor.
    if (frequency.current == 0) {
      frequency.current = Megahertz(core + "/cpufreq/cpuinfo_cur_freq");
    }
    frequency.maximum = Megahertz(core + "/cpufreq/cpuinfo_max_freq");
    frequency.minimum = Megahertz(core + "/cpufreq/cpuinfo_min_freq");
    if (frequency.current > 0) found.push_back(std::move(frequency));
  }
  return found;
}

}  // namespace nscp::check_system
