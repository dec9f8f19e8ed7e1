#include "workers/check_system/check_hardware.h"

#include <algorithm>
#include <iterator>

#include "proto/cpp/text.h"
#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

constexpr char kProductQuery[] =
    "SELECT Vendor, Name, UUID, IdentifyingNumber FROM Win32_ComputerSystemProduct";
constexpr char kEnclosureQuery[] =
    "SELECT ChassisTypes, SerialNumber, SMBIOSAssetTag FROM Win32_SystemEnclosure";
// Older systems lack ConfiguredClockSpeed, and a query that names it fails there.
constexpr char kMemoryQuery[] = "SELECT * FROM Win32_PhysicalMemory";
constexpr char kSlotsQuery[] = "SELECT MemoryDevices FROM Win32_PhysicalMemoryArray";

std::string TextOf(const wmi::Table& table, const wmi::Row& row, const char* column) {
  return std::string(Trim(table.At(row, column).text));
}

int64_t NumberIn(const wmi::Table& table, const wmi::Row& row, const char* column) {
  return std::max<int64_t>(0, table.At(row, column).integer.value_or(0));
}

// The first number of "[9, 3]".
int64_t FirstNumber(const std::string& text) {
  constexpr int64_t kLargest = 1000000;
  const size_t begin = text.find_first_of("0123456789");
  int64_t number = 0;
  for (size_t i = begin; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
    number = std::min(kLargest, number * 10 + (text[i] - '0'));
  }
  return number;
}

void ReadProduct(const wmi::Table& table, Hardware& out) {
  if (table.rows.empty()) return;
  const wmi::Row& row = table.rows[0];
  out.vendor = TextOf(table, row, "Vendor");
  out.model = TextOf(table, row, "Name");
  out.uuid = TextOf(table, row, "UUID");
  out.serial = TextOf(table, row, "IdentifyingNumber");
}

void ReadEnclosure(const wmi::Table& table, Hardware& out) {
  if (table.rows.empty()) return;
  const wmi::Row& row = table.rows[0];
  out.chassis_type = FirstNumber(TextOf(table, row, "ChassisTypes"));
  out.chassis_serial = TextOf(table, row, "SerialNumber");
  out.asset_tag = TextOf(table, row, "SMBIOSAssetTag");
}

void ReadMemoryModules(const wmi::Table& table, Hardware& out) {
  for (const wmi::Row& row : table.rows) {
    const int64_t size = NumberIn(table, row, "Capacity");
    int64_t speed = NumberIn(table, row, "ConfiguredClockSpeed");
    if (speed == 0) speed = NumberIn(table, row, "Speed");
    std::string place = TextOf(table, row, "DeviceLocator");
    if (place.empty()) place = TextOf(table, row, "BankLabel");
    ++out.modules;
    out.memory += size;
    if (speed > 0 && (out.memory_speed == 0 || speed < out.memory_speed)) {
      out.memory_speed = speed;
    }
    if (!out.module_list.empty()) out.module_list += "; ";
    out.module_list += (place.empty() ? "?" : place) + ": " +
                       checks::FormatBytes(static_cast<double>(size));
    if (speed > 0) out.module_list += "@" + std::to_string(speed) + "MHz";
  }
}

void ReadSlots(const wmi::Table& table, Hardware& out) {
  for (const wmi::Row& row : table.rows) {
    out.slots += NumberIn(table, row, "MemoryDevices");
  }
}

Result<Hardware> ReadHardware(const AskWmi& ask, const ListDevices& devices,
                              const checks::Environment& environment,
                              bool wants_devices) {
  using Read = void (*)(const wmi::Table&, Hardware&);
  const std::pair<const char*, Read> parts[] = {{kProductQuery, ReadProduct},
                                                {kEnclosureQuery, ReadEnclosure},
                                                {kMemoryQuery, ReadMemoryModules},
                                                {kSlotsQuery, ReadSlots}};
  Hardware hardware;
  Status error;
  bool has_any = false;
  for (const auto& [query, read] : parts) {
    const auto table = ask(query, environment.cancelled);
    if (table.ok()) {
      has_any = true;
      read(*table, hardware);
      continue;
    }
    if (table.status().code() == Code::kCancelled) return table.status();
    error = table.status();
    environment.Write(sdk::LogLevel::kDebug, error.message());
  }
  if (!has_any) return error.WithContext("Failed to read what the machine is made of");
  if (!wants_devices) return hardware;
  // Who asks for devices is told when they cannot be read.
  ASSIGN_OR_RETURN(hardware.devices, devices(environment.cancelled));
  return hardware;
}

checks::Keywords<Hardware> HardwareKeywords() {
  checks::Keywords<Hardware> k;
  const auto text = [&k](const char* name, const char* description,
                         std::string Hardware::*member) {
    k.Text(name, description,
           [member](const Hardware& row) -> std::string_view { return row.*member; });
  };
  text("vendor", "Who made the machine", &Hardware::vendor);
  text("model", "What it is called", &Hardware::model);
  text("uuid", "Its UUID", &Hardware::uuid);
  text("serial", "Its serial number; virtual machines often have none",
       &Hardware::serial);
  k.Text("chassis", "Its kind of case, such as Desktop, Laptop or Rack Mount Chassis",
         [](const Hardware& row) { return ChassisName(row.chassis_type); });
  text("chassis_serial", "Serial number of the case", &Hardware::chassis_serial);
  text("asset_tag", "Its asset tag", &Hardware::asset_tag);
  text("module_list", "Each memory module with its place, size and clock",
       &Hardware::module_list);
  k.Integer("chassis_type",
            "Kind of case as the number of SMBIOS; 0 where it is not known",
            &Hardware::chassis_type);
  k.Integer("slots", "Places for memory modules; 0 where it is not known",
            &Hardware::slots);
  k.Integer("modules", "Memory modules that are plugged in", &Hardware::modules);
  k.Size("memory", "Size of all memory modules", &Hardware::memory)
      .Human([](const Hardware& row) {
        return checks::FormatBytes(static_cast<double>(row.memory));
      });
  k.Integer("memory_speed", "Clock of the slowest module in megahertz; 0 = not known",
            &Hardware::memory_speed);
  k.Integer("devices", "Number of devices that are there",
            [](const Hardware& row) { return row.devices ? row.devices->count : 0; });
  k.Integer("device_problems",
            "Number of devices that do not work, as the Device Manager marks them; one "
            "that somebody disabled counts too",
            [](const Hardware& row) {
              return row.devices ? static_cast<int64_t>(row.devices->problems.size()) : 0;
            });
  k.Text("device_list", "The devices that do not work, with the reason",
         [](const Hardware& row) {
           std::vector<std::string> list;
           if (!row.devices) return std::string();
           for (const DeviceProblem& problem : row.devices->problems) {
             list.push_back(problem.name + ": " + DeviceProblemName(problem.code) +
                            " (code " + std::to_string(problem.code) + ")");
           }
           return Join(list, "; ");
         });
  return k;
}

checks::Check<Hardware> MakeHardwareCheck() {
  checks::FilterDefaults defaults;
  defaults.detail_syntax =
      "${vendor} ${model} (${chassis}), serial=${serial}, ${modules} memory module(s), "
      "${memory}";
  defaults.perf_syntax = "hardware";
  defaults.perf_config = "extra(memory;modules)";
  return {checks::OptionTable(), defaults, HardwareKeywords()};
}

}  // namespace

std::string DeviceProblemName(int64_t code) {
  switch (code) {
    case 1:
      return "not configured";
    case 3:
      return "too little memory";
    case 9:
      return "wrong identification";
    case 10:
      return "does not start";
    case 12:
      return "too few free resources";
    case 14:
      return "needs a restart";
    case 18:
      return "its driver must be installed again";
    case 19:
      return "broken registry";
    case 21:
      return "is being removed";
    case 22:
      return "disabled";
    case 24:
      return "not there or not working";
    case 28:
      return "no driver";
    case 31:
      return "its driver does not load";
    case 32:
      return "its driver is disabled";
    case 37:
    case 39:
      return "its driver fails";
    case 43:
      return "stopped after reporting a problem";
    case 45:
      return "not connected";
    case 48:
      return "its driver is blocked";
    case 52:
      return "its driver is not signed";
    default:
      return "problem";
  }
}

std::string ChassisName(int64_t type) {
  constexpr const char* kNames[] = {nullptr,
                                    "Other",
                                    "Unknown",
                                    "Desktop",
                                    "Low Profile Desktop",
                                    "Pizza Box",
                                    "Mini Tower",
                                    "Tower",
                                    "Portable",
                                    "Laptop",
                                    "Notebook",
                                    "Hand Held",
                                    "Docking Station",
                                    "All in One",
                                    "Sub Notebook",
                                    "Space-Saving",
                                    "Lunch Box",
                                    "Main System Chassis",
                                    "Expansion Chassis",
                                    "SubChassis",
                                    "Bus Expansion Chassis",
                                    "Peripheral Chassis",
                                    "Storage Chassis",
                                    "Rack Mount Chassis",
                                    "Sealed-Case PC",
                                    "Multi-System Chassis",
                                    "Compact PCI",
                                    "Advanced TCA",
                                    "Blade",
                                    "Blade Enclosure",
                                    "Tablet",
                                    "Convertible",
                                    "Detachable",
                                    "IoT Gateway",
                                    "Embedded PC",
                                    "Mini PC",
                                    "Stick PC"};
  const bool is_known = type > 0 && type < static_cast<int64_t>(std::size(kNames));
  return is_known ? kNames[type] : "Unknown (" + std::to_string(type) + ")";
}

HardwareCheck::HardwareCheck() : check_(MakeHardwareCheck()) {}

sdk::CheckResult HardwareCheck::Run(const std::vector<std::string>& arguments,
                                    const checks::Environment& environment,
                                    const AskWmi& ask, const ListDevices& devices) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<Hardware>& sink) -> Status {
        const bool wants_devices = sink.Uses("devices") || sink.Uses("device_problems") ||
                                   sink.Uses("device_list");
        ASSIGN_OR_RETURN(Hardware hardware,
                         ReadHardware(ask, devices, environment, wants_devices));
        sink.Add(std::move(hardware));
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
