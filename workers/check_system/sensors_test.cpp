#include <doctest/doctest.h>

#include <map>

#include "tests/unit/temp_folder.h"
#include "workers/check_system/check_battery.h"
#include "workers/check_system/check_cpu_frequency.h"
#include "workers/check_system/check_temperature.h"
#include "workers/check_system/sysfs.h"
#include "workers/check_system/sysfs_sensors.h"

namespace nscp::check_system {
namespace {

using sdk::State;
using testing::TempFolder;
using Words = std::vector<std::string>;

// Constructed from the names and units in the kernel's documentation (Linux 6.1:
// Documentation/driver-api/thermal/sysfs-api.rst,
// Documentation/hwmon/sysfs-interface.rst).
void WriteSensors(const TempFolder& sys) {
  sys.Write("class/thermal/thermal_zone0/type", "acpitz\n");
  sys.Write("class/thermal/thermal_zone0/temp", "27800\n");
  sys.Write("class/thermal/thermal_zone0/mode", "enabled\n");
  sys.Write("class/thermal/thermal_zone2/type", "acpitz\n");
  sys.Write("class/thermal/thermal_zone2/temp", "-5000\n");
  sys.Write("class/thermal/thermal_zone2/mode", "disabled\n");
  sys.Write("class/thermal/thermal_zone10/type", "x86_pkg_temp\n");
  sys.Write("class/thermal/thermal_zone10/temp", "71000\n");
  sys.Write("class/thermal/thermal_zone11/type", "vanished\n");
  sys.Write("class/thermal/cooling_device0/type", "Processor\n");
  sys.Write("class/hwmon/hwmon0/name", "acpitz\n");
  sys.Write("class/hwmon/hwmon0/temp1_input", "27800\n");
  sys.Write("class/hwmon/hwmon0/device/type", "acpitz\n");
  sys.Write("class/hwmon/hwmon0/device/temp", "27800\n");
  sys.Write("class/hwmon/hwmon1/name", "coretemp\n");
  sys.Write("class/hwmon/hwmon1/temp2_input", "65000\n");
  sys.Write("class/hwmon/hwmon1/temp2_label", "Core 0\n");
  sys.Write("class/hwmon/hwmon1/temp10_input", "66000\n");
  sys.Write("class/hwmon/hwmon1/temp10_fault", "1\n");
  sys.Write("class/hwmon/hwmon1/temp2_crit", "100000\n");
  sys.Write("class/hwmon/hwmon1/temp3_input", "not a number\n");
}

TEST_CASE("values below /sys are short texts") {
  const TempFolder sys;
  CHECK(SysText(sys.Write("text", "  a b \n")) == "a b");
  CHECK(SysText(sys.File("none")).empty());
  CHECK(SysText(sys.path()).empty());
  CHECK(SysText(sys.Write("long", std::string(100000, 'x'))).size() == 4096);
  CHECK(SysNumber(sys.Write("number", "-12\n")) == -12);
  for (const char* text : {"", "x", "1x", "1.5", "99999999999999999999"}) {
    CHECK_FALSE(SysNumber(sys.Write("bad", text)));
  }
  CHECK(SysEntries(sys.File("none"), "").empty());
  CHECK(SysName("/a/b") == "b");
}

TEST_CASE("temperatures are those of zones and chips, each once") {
  const TempFolder sys;
  WriteSensors(sys);
  std::string text;
  for (const Temperature& sensor : SysTemperatures(sys.path(), {})) {
    text += sensor.name + (sensor.active ? "" : " (off)") + " " +
            std::to_string(static_cast<int>(sensor.celsius * 10)) + "\n";
  }
  CHECK(text ==
        "acpitz 278\nacpitz 2 (off) -50\nx86_pkg_temp 710\n"
        "coretemp Core 0 650\ncoretemp temp10 (off) 660\n");
  CHECK(SysTemperatures(sys.path(), [] { return true; }).empty());
  CHECK(SysTemperatures(sys.File("nowhere"), {}).empty());
}

struct SensorRow {
  Words arguments;
  State state;
  const char* text;
};

template <class Check, class Source>
void JudgeSensors(const std::vector<SensorRow>& rows, const Source& source) {
  for (const SensorRow& row : rows) {
    const auto result = Check().Run(row.arguments, checks::Environment(), source);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
}

TEST_CASE("check_temperature judges each sensor") {
  const TempFolder sys;
  WriteSensors(sys);
  JudgeSensors<TemperatureCheck>(
      {{{"filter=active = 'true'"},
        State::kWarning,
        "WARNING: acpitz: 27.8C, x86_pkg_temp: 71C, coretemp Core 0: "
        "65C|'acpitz'=27.8C;70;90 'x86_pkg_temp'=71C;70;90 'coretemp Core "
        "0'=65C;70;90"},
       {{"filter=active = 0 and temperature < 0", "warn=none", "crit=temperature < -1.5",
         "detail-syntax=%(name) %(active)"},
        State::kCritical,
        "CRITICAL: acpitz 2 false|'acpitz 2'=-5C;0;-1.5"},
       {{"filter=name = 'x'"}, State::kCritical, "CRITICAL: "}},
      [&](const Cancelled& cancelled) { return SysTemperatures(sys.path(), cancelled); });
  JudgeSensors<TemperatureCheck>(
      {{{}, State::kUnknown, "No temperature sensors found"}},
      [](const Cancelled&) { return std::vector<Temperature>(); });
}

// Constructed from the kernel's documentation (Linux 6.1:
// Documentation/ABI/testing/sysfs-class-power): BAT0 tells energy, BAT1 charge.
void WriteBatteries(const TempFolder& sys, const char* online) {
  const std::string supply = "class/power_supply/";
  sys.Write(supply + "AC/type", "Mains\n");
  sys.Write(supply + "AC/online", online);
  for (const auto& [name, value] :
       std::map<std::string, const char*>{{"type", "Battery\n"},
                                          {"present", "1\n"},
                                          {"status", "Discharging\n"},
                                          {"capacity", "55\n"},
                                          {"energy_full_design", "50000000\n"},
                                          {"energy_full", "40000000\n"},
                                          {"energy_now", "22000000\n"},
                                          {"power_now", "11000000\n"}}) {
    sys.Write(supply + "BAT0/" + name, value);
  }
  for (const auto& [name, value] :
       std::map<std::string, const char*>{{"type", "Battery\n"},
                                          {"status", "Charging\n"},
                                          {"voltage_min_design", "10000000\n"},
                                          {"charge_full_design", "4000000\n"},
                                          {"charge_full", "2000000\n"},
                                          {"charge_now", "160000\n"},
                                          {"current_now", "-1500000\n"}}) {
    sys.Write(supply + "BAT1/" + name, value);
  }
  sys.Write(supply + "BAT2/type", "Battery\n");
  sys.Write(supply + "BAT2/present", "0\n");
  sys.Write(supply + "hid-mouse/type", "Battery\n");
  sys.Write(supply + "hid-mouse/scope", "Device\n");
  sys.Write(supply + "hid-mouse/capacity", "1\n");
}

TEST_CASE("check_battery judges each battery of the machine") {
  const TempFolder sys;
  WriteBatteries(sys, "0\n");
  JudgeSensors<BatteryCheck>(
      {{{},
        State::kCritical,
        "CRITICAL: BAT0: 55% (battery, discharging), BAT1: 8% (battery, "
        "charging)|'BAT0'=55%;20;10 'BAT1'=8%;20;10"},
       {{"warn=health < 60", "crit=time_remaining < 1h and time_remaining >= 0",
         "detail-syntax=%(name) %(present) %(status) %(health) %(time_remaining) "
         "%(charge_rate) %(discharge_rate) %(design_capacity) %(full_capacity) "
         "%(remaining_capacity)"},
        State::kWarning,
        "WARNING: BAT0 true discharging 80 7200 0 11000 50000 40000 22000, BAT1 true "
        "charging 50 -1 15000 0 40000 20000 1600|'BAT0_health'=80%;60;0 "
        "'BAT0_time_remaining'=7200;0;3600 'BAT1_health'=50%;60;0 "
        "'BAT1_time_remaining'=-1;0;3600"},
       // What is not known is neither low nor 0.
       {{"filter=present = 'false'", "detail-syntax=%(name) %(charge) %(health)"},
        State::kOk,
        "OK: BAT2 unknown unknown"}},
      [&](const Cancelled& cancelled) { return SysBatteries(sys.path(), cancelled); });
  JudgeSensors<BatteryCheck>({{{}, State::kWarning, "No battery found"},
                              {{"empty-state=ok"}, State::kOk, "No battery found"}},
                             [](const Cancelled&) { return std::vector<Battery>(); });
}

TEST_CASE("what the machine runs on is told by its mains, else by its batteries") {
  const TempFolder sys;
  WriteBatteries(sys, "1\n");
  CHECK(SysBatteries(sys.path(), {}).at(0).power_source == "ac");
  const struct {
    const char* status;
    const char* source;
  } rows[] = {{"Discharging", "battery"}, {"Full", "ac"},  {"Not charging", "ac"},
              {"Charging", "ac"},         {"", "unknown"}, {"Unknown", "unknown"}};
  for (const auto& row : rows) {
    const TempFolder alone;
    alone.Write("class/power_supply/BAT0/type", "Battery");
    alone.Write("class/power_supply/BAT0/status", row.status);
    CHECK(SysBatteries(alone.path(), {}).at(0).power_source == row.source);
  }
  CHECK(SysBatteries(sys.path(), [] { return true; }).empty());
}

// Constructed from the kernel's documentation (Linux 6.1:
// Documentation/admin-guide/pm/cpufreq.rst).
void WriteFrequencies(const TempFolder& sys) {
  for (const char* core : {"cpu0", "cpu2", "cpu10"}) {
    const std::string folder = std::string("devices/system/cpu/") + core + "/cpufreq/";
    sys.Write(folder + "scaling_cur_freq",
              core == std::string("cpu0") ? "3999600\n" : "800000\n");
    sys.Write(folder + "cpuinfo_max_freq", "4000000\n");
    sys.Write(folder + "cpuinfo_min_freq", "400000\n");
  }
  sys.Write("devices/system/cpu/cpu11/cpufreq/cpuinfo_cur_freq", "1000000\n");
  sys.Write("devices/system/cpu/cpu12/online", "0\n");
  sys.Write("devices/system/cpu/cpufreq/boost", "1\n");
  sys.Write("devices/system/cpu/cpuidle/current_driver", "none\n");
}

TEST_CASE("check_cpu_frequency shows the clock of each core") {
  const TempFolder sys;
  WriteFrequencies(sys);
  JudgeSensors<CpuFrequencyCheck>(
      {{{},
        State::kOk,
        "OK: core 0: 4000MHz (100%), core 2: 800MHz (20%), core 10: 800MHz (20%), core "
        "11: 1000MHz (0%)"},
       {{"filter=name = 'total'", "warn=current_mhz > 1000 or frequency_pct > 90%",
         "crit=max_mhz < 1000", "detail-syntax=%(name) %(min_mhz)"},
        State::kWarning,
        "WARNING: total 300|'total'=1650MHz;1000;0 'total_frequency_pct'=55%;90;0 "
        "'total_max_mhz'=3000MHz;0;1000"}},
      [&](const Cancelled& cancelled) {
        return SysCpuFrequencies(sys.path(), cancelled);
      });
  JudgeSensors<CpuFrequencyCheck>(
      {{{}, State::kUnknown, "No CPU frequency data available (no cpufreq support?)"}},
      [](const Cancelled&) { return std::vector<CpuFrequency>(); });
}

}  // namespace
}  // namespace nscp::check_system
