// check_cpu_frequency: how fast the processors are clocked. Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_system/sensor_source.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

// The clock of now in percent of the fastest; 0 where that is not known.
int64_t FrequencyPercent(const CpuFrequency& frequency);
// The row "total".
CpuFrequency AverageFrequency(const std::vector<CpuFrequency>& cores);

class CpuFrequencyCheck {
 public:
  // Asked once in a call, and not for a call that only wants help.
  using Source = std::function<Result<std::vector<CpuFrequency>>(const Cancelled&)>;

  CpuFrequencyCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Source& source) const;

 private:
  checks::Check<CpuFrequency> check_;
};

}  // namespace nscp::check_system
