// check_temperature: how hot the machine is. Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_system/sensor_source.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

class TemperatureCheck {
 public:
  // Asked once in a call, and not for a call that only wants help.
  using Source = std::function<Result<std::vector<Temperature>>(const Cancelled&)>;

  TemperatureCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Source& source) const;

 private:
  checks::Check<Temperature> check_;
};

}  // namespace nscp::check_system
