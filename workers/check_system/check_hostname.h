// check_hostname: what this host is called (modules.md C1). Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/host_name.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

class HostnameCheck {
 public:
  using Find = std::function<Result<HostName>(bool with_fqdn)>;

  HostnameCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Find& find) const;

 private:
  checks::Check<HostName> check_;
};

}  // namespace nscp::check_system
