// check_battery: how full the batteries are, and how they do. Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_system/sensor_source.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

class BatteryCheck {
 public:
  // Asked once in a call, and not for a call that only wants help.
  using Source = std::function<Result<std::vector<Battery>>(const Cancelled&)>;

  BatteryCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Source& source) const;

 private:
  checks::Check<Battery> check_;
};

}  // namespace nscp::check_system
