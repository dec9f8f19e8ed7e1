#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "proto/cpp/text.h"
#include "workers/check_system/sysfs.h"
#include "workers/check_system/sysfs_sensors.h"
#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

constexpr double kMicro = 1000 * 1000;
constexpr double kMilli = 1000;
constexpr int64_t kSecondsPerHour = 3600;

// A value of the folder in units instead of millionths.
double Units(const std::string& folder, const char* name) {
  const auto value = SysNumber(folder + "/" + name);
  return value ? std::abs(static_cast<double>(*value)) / kMicro : 0;
}

// Watt hours, or watts: told so, or as ampere (hours) at the battery's voltage.
struct Scale {
  double voltage;
  int64_t Milli(const std::string& folder, const std::string& watts,
                const std::string& amperes) const {
    double value = Units(folder, watts.c_str());
    if (value <= 0) value = Units(folder, amperes.c_str()) * voltage;
    return checks::RoundToInteger(value * kMilli);
  }
};

std::optional<int64_t> Percent(int64_t part, int64_t whole) {
  if (whole <= 0) return std::nullopt;
  return std::min<int64_t>(100, checks::RoundToInteger(100 * static_cast<double>(part) /
                                                       static_cast<double>(whole)));
}

void ReadCapacities(const std::string& folder, Battery& battery) {
  double voltage = Units(folder, "voltage_min_design");
  if (voltage <= 0) voltage = Units(folder, "voltage_now");
  const Scale scale{voltage};
  battery.design_capacity =
      scale.Milli(folder, "energy_full_design", "charge_full_design");
  battery.full_capacity = scale.Milli(folder, "energy_full", "charge_full");
  battery.remaining_capacity = scale.Milli(folder, "energy_now", "charge_now");
  const int64_t rate = scale.Milli(folder, "power_now", "current_now");
  if (battery.status == "charging") battery.charge_rate = rate;
  if (battery.status == "discharging") battery.discharge_rate = rate;
}

int64_t TimeRemaining(const std::string& folder, const Battery& battery) {
  if (battery.status != "discharging") return -1;
  const auto told = SysNumber(folder + "/time_to_empty_now");
  if (told && *told > 0) return *told;
  if (battery.discharge_rate <= 0 || battery.remaining_capacity <= 0) return -1;
  return checks::RoundToInteger(static_cast<double>(battery.remaining_capacity) *
                                kSecondsPerHour /
                                static_cast<double>(battery.discharge_rate));
}

Battery ReadBattery(const std::string& folder) {
  Battery battery;
  battery.name = SysName(folder);
  battery.present = SysNumber(folder + "/present").value_or(1) != 0;
  const std::string status = ToLowerAscii(SysText(folder + "/status"));
  if (!status.empty()) battery.status = status;
  ReadCapacities(folder, battery);
  battery.charge = SysNumber(folder + "/capacity");
  if (!battery.charge) {
    battery.charge = Percent(battery.remaining_capacity, battery.full_capacity);
  }
  if (battery.full_capacity > 0) {
    battery.health = Percent(battery.full_capacity, battery.design_capacity);
  }
  battery.time_remaining = TimeRemaining(folder, battery);
  return battery;
}

// What the machine runs on: a mains supply tells; without one, what its batteries do.
std::string PowerSource(std::optional<bool> mains,
                        const std::vector<Battery>& batteries) {
  if (mains) return *mains ? "ac" : "battery";
  auto any = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(batteries.begin(), batteries.end(), [&](const Battery& battery) {
      return std::find(words.begin(), words.end(), battery.status) != words.end();
    });
  };
  if (any({"discharging"})) return "battery";
  if (any({"charging", "full", "not charging"})) return "ac";
  return "unknown";
}

}  // namespace

std::vector<Battery> SysBatteries(const std::string& root, const Cancelled& cancelled) {
  std::vector<Battery> batteries;
  std::optional<bool> mains;
  for (const std::string& supply : SysEntries(root + "/class/power_supply", "")) {
    if (cancelled && cancelled()) break;
    const std::string type = SysText(supply + "/type");
    if (type == "Battery" || type == "UPS") {
      if (SysText(supply + "/scope") != "Device")
        batteries.push_back(ReadBattery(supply));
    } else if (const auto online = SysNumber(supply + "/online")) {
      mains = mains.value_or(false) || *online != 0;
    }
  }
  const std::string source = PowerSource(mains, batteries);
  for (Battery& battery : batteries) battery.power_source = source;
  return batteries;
}

}  // namespace nscp::check_system
