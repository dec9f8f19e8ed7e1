// check_nscp_version: which version of the agent runs (modules.md C7). Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_nscp/version.h"
#include "workers/checks/check.h"

namespace nscp::check_nscp {

class VersionCheck {
 public:
  VersionCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Version& version) const;

 private:
  const checks::Check<Version> check_;
};

}  // namespace nscp::check_nscp
