#include "workers/check_system/sensor_source.h"

#include <windows.h>
// After windows.h, which they need.
#include <powrprof.h>

#include <algorithm>

#include "proto/cpp/windows_win32.h"
#include "workers/check_system/nt_query_win32.h"

namespace nscp::check_system {
namespace {

// PROCESSOR_POWER_INFORMATION, which no header has. Megahertz.
struct ProcessorPower {
  ULONG number;
  ULONG maximum;
  ULONG current;
  ULONG limit;
  ULONG maximum_idle_state;
  ULONG current_idle_state;
};

}  // namespace

Result<std::vector<Temperature>> ReadTemperatures(const Cancelled&) {
  return Status::Unimplemented(
      "Windows tells temperatures through WMI alone, where the firmware has any: ask "
      "check_wmi for MSAcpi_ThermalZoneTemperature in root\\wmi (tenths of a Kelvin)");
}

Result<std::vector<Battery>> ReadBatteries(const Cancelled&) {
  SYSTEM_POWER_STATUS power{};
  if (!::GetSystemPowerStatus(&power)) {
    return LastError("Failed to read the state of the batteries");
  }
  constexpr BYTE kUnknown = 255;
  constexpr BYTE kNoBattery = 128;
  constexpr BYTE kCharging = 8;
  if (power.BatteryFlag == kUnknown || (power.BatteryFlag & kNoBattery) != 0) {
    return std::vector<Battery>();
  }
  // All batteries of the machine together.
  Battery battery;
  battery.name = "battery";
  if (power.ACLineStatus != kUnknown) {
    battery.power_source = power.ACLineStatus == 1 ? "ac" : "battery";
    battery.status = power.ACLineStatus == 1 ? "not charging" : "discharging";
  }
  if ((power.BatteryFlag & kCharging) != 0) battery.status = "charging";
  if (power.BatteryLifePercent != kUnknown) battery.charge = power.BatteryLifePercent;
  if (power.BatteryLifeTime != static_cast<DWORD>(-1)) {
    battery.time_remaining = static_cast<int64_t>(power.BatteryLifeTime);
  }
  return std::vector<Battery>{std::move(battery)};
}

Result<std::vector<CpuFrequency>> ReadCpuFrequencies(const Cancelled&) {
  std::vector<ProcessorPower> powers(
      std::max<DWORD>(::GetActiveProcessorCount(ALL_PROCESSOR_GROUPS), 1));
  const LONG status = ::CallNtPowerInformation(
      ProcessorInformation, nullptr, 0, powers.data(),
      static_cast<ULONG>(powers.size() * sizeof(ProcessorPower)));
  if (status < 0) return NtError("Failed to read the clocks of the processors", status);
  std::vector<CpuFrequency> clocks;
  for (const ProcessorPower& power : powers) {
    // What was not filled in: processors of another group.
    if (power.maximum == 0 || clocks.size() == kMaxSensors) continue;
    clocks.push_back(
        {"core " + std::to_string(clocks.size()), power.current, power.maximum, 0});
  }
  return clocks;
}

}  // namespace nscp::check_system
