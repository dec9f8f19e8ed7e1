// check_uptime: how long the system has been up (modules.md C1). Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/checks/check.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_system {

struct UptimeRow {
  int64_t uptime = 0;  // seconds
  int64_t boot = 0;    // seconds since 1970
  char max_unit = 'w';
  const checks::TimeZone* zone = nullptr;
};

class UptimeCheck {
 public:
  UptimeCheck();
  // `uptime` in seconds; its error is the answer. `zone` is how the boot time is printed.
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Result<double>& uptime, const checks::TimeZone& zone) const;

 private:
  checks::Check<UptimeRow> check_;
};

}  // namespace nscp::check_system
