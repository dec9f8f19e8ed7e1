// check_nscp: crashes, errors and uptime of the agent itself (modules.md C7). Any thread.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "workers/check_nscp/agent_view.h"
#include "workers/checks/options.h"

namespace nscp::check_nscp {

// "5:10" and the like as "00:05:10.123456"; hours go beyond 99.
std::string FormatPreciseUptime(std::chrono::microseconds uptime);

class HealthCheck {
 public:
  // `limit` is what may be waited for the agent's answer.
  sdk::CheckResult Run(const std::vector<std::string>& arguments, AgentView& agent,
                       std::chrono::milliseconds limit) const;

 private:
  const checks::OptionTable options_;
};

}  // namespace nscp::check_nscp
