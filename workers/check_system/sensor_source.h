// What the hardware tells of itself: temperatures, batteries, clocks of the processors.
// Read when a check asks; a device that vanishes meanwhile is left out. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_system {

// Sensors, batteries and processors beyond are left out.
constexpr size_t kMaxSensors = 4096;

// Whether somebody still waits; may be empty. Readers give up once it says true.
using Cancelled = std::function<bool()>;

struct Temperature {
  std::string name;    // no two are the same
  bool active = true;  // false: switched off, or its reading is wrong
  double celsius = 0;
};

struct Battery {
  std::string name;
  std::string power_source = "unknown";  // of the machine: "ac", "battery"
  std::string status = "unknown";  // "charging", "discharging", "not charging", "full"
  bool present = true;
  // Percent; nothing where it is not known.
  std::optional<int64_t> charge;
  std::optional<int64_t> health;
  int64_t time_remaining = -1;  // seconds until it is empty; -1 is not known
  // Milliwatts, and milliwatt hours; 0 where they are not known.
  int64_t charge_rate = 0;
  int64_t discharge_rate = 0;
  int64_t design_capacity = 0;
  int64_t full_capacity = 0;
  int64_t remaining_capacity = 0;
};

// Megahertz; 0 is not known.
struct CpuFrequency {
  std::string name;  // "core 0"
  int64_t current = 0;
  int64_t maximum = 0;
  int64_t minimum = 0;
};

Result<std::vector<Temperature>> ReadTemperatures(const Cancelled& cancelled);
Result<std::vector<Battery>> ReadBatteries(const Cancelled& cancelled);
// Of each core that is online; empty where the system does not tell.
Result<std::vector<CpuFrequency>> ReadCpuFrequencies(const Cancelled& cancelled);

}  // namespace nscp::check_system
