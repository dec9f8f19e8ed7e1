#include <map>

#include "proto/cpp/text.h"
#include "workers/check_system/sysfs.h"
#include "workers/check_system/sysfs_sensors.h"

namespace nscp::check_system {
namespace {

constexpr double kMillidegrees = 1000;

void AddThermalZones(const std::string& root, const Cancelled& cancelled,
                     std::vector<Temperature>& out) {
  for (const std::string& zone : SysEntries(root + "/class/thermal", "thermal_zone")) {
    if (cancelled && cancelled()) return;
    const auto value = SysNumber(zone + "/temp");
    if (!value) continue;
    Temperature found;
    found.name = SysText(zone + "/type");
    if (found.name.empty()) found.name = SysName(zone);
    found.active = SysText(zone + "/mode") != "disabled";
    found.celsius = static_cast<double>(*value) / kMillidegrees;
    out.push_back(std::move(found));
  }
}

// "temp1_input" is described by "temp1_label", "temp1_enable" and "temp1_fault".
void AddHwmonSensor(const std::string& input, const std::string& chip,
                    std::vector<Temperature>& out) {
  const auto value = SysNumber(input);
  if (!value) return;
  const std::string sensor = input.substr(0, input.rfind('_'));
  Temperature found;
  found.name = SysText(sensor + "_label");
  if (found.name.empty()) found.name = SysName(sensor);
  if (!chip.empty()) found.name = chip + " " + found.name;
  found.active = SysNumber(sensor + "_enable").value_or(1) != 0 &&
                 SysNumber(sensor + "_fault").value_or(0) == 0;
  found.celsius = static_cast<double>(*value) / kMillidegrees;
  out.push_back(std::move(found));
}

void AddHwmon(const std::string& root, const Cancelled& cancelled,
              std::vector<Temperature>& out) {
  for (const std::string& chip : SysEntries(root + "/class/hwmon", "hwmon")) {
    if (out.size() >= kMaxSensors || (cancelled && cancelled())) return;
    // The kernel shows thermal zones here once more.
    if (SysNumber(chip + "/device/temp") && !SysText(chip + "/device/type").empty()) {
      continue;
    }
    const std::string name = SysText(chip + "/name");
    for (const std::string& input : SysEntries(chip, "temp")) {
      if (EndsWith(input, "_input")) AddHwmonSensor(input, name, out);
    }
  }
}

// Machines have several zones or disks of the same name.
void NumberEqualNames(std::vector<Temperature>& sensors) {
  std::map<std::string, int> seen;
  for (Temperature& sensor : sensors) {
    const int number = ++seen[sensor.name];
    if (number > 1) sensor.name += " " + std::to_string(number);
  }
}

}  // namespace

std::vector<Temperature> SysTemperatures(const std::string& root,
                                         const Cancelled& cancelled) {
  std::vector<Temperature> sensors;
  AddThermalZones(root, cancelled, sensors);
  AddHwmon(root, cancelled, sensors);
  if (sensors.size() > kMaxSensors) sensors.resize(kMaxSensors);
  NumberEqualNames(sensors);
  return sensors;
}

}  // namespace nscp::check_system
