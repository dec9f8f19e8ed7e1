// check_hardware: what the machine is made of, and which of its devices have a problem.
// Any thread. Sources: the classes of WMI below Win32_ (SMBIOS), SetupAPI.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_system/check_patch_age.h"

namespace nscp::check_system {

// A device that is there and does not work, as the Device Manager marks it.
struct DeviceProblem {
  std::string name;
  int64_t code = 0;  // CM_PROB_..., the "Code 28" of the Device Manager
};

struct Devices {
  int64_t count = 0;
  std::vector<DeviceProblem> problems;
};

constexpr size_t kMaxDevices = 20000;
using ListDevices =
    std::function<Result<Devices>(const std::function<bool()>& cancelled)>;

// What the Device Manager says of a code, in a few words.
std::string DeviceProblemName(int64_t code);
// "Laptop" of 9; SMBIOS 3.6, 7.4.1.
std::string ChassisName(int64_t type);

struct Hardware {
  std::string vendor;
  std::string model;
  std::string uuid;
  std::string serial;
  int64_t chassis_type = 0;
  std::string chassis_serial;
  std::string asset_tag;
  int64_t slots = 0;
  int64_t modules = 0;
  std::string module_list;
  int64_t memory = 0;        // bytes
  int64_t memory_speed = 0;  // megahertz of the slowest module; 0 = not known
  std::optional<Devices> devices;
};

class HardwareCheck {
 public:
  HardwareCheck();
  // A source that fails leaves its part empty, and the log says so; all of them are an
  // error.
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const AskWmi& ask,
                       const ListDevices& devices) const;

 private:
  checks::Check<Hardware> check_;
};

}  // namespace nscp::check_system
