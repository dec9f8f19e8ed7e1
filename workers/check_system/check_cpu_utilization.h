// check_cpu_utilization: what the processors spent the last second on. Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/change.h"
#include "workers/check_system/cpu_source.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

// Percent of the time of all processors, with two decimals.
struct UtilizationRow {
  double user = 0;
  double system = 0;
  double idle = 100;
  double iowait = 0;
  double irq = 0;
  double softirq = 0;
  double steal = 0;
  double guest = 0;  // part of user
};

// No time at all counts as idle.
UtilizationRow UtilizationBetween(const CpuTimes& before, const CpuTimes& after);

class UtilizationCheck {
 public:
  UtilizationCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const ChangeSource<CpuSample>& source) const;

 private:
  checks::Check<UtilizationRow> check_;
};

}  // namespace nscp::check_system
