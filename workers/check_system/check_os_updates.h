// check_os_updates: updates that wait to be installed (modules.md C1). Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/package_updates.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

class OsUpdatesCheck {
 public:
  using Get = std::function<Result<Updates>()>;

  OsUpdatesCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Get& get) const;

 private:
  checks::Check<Updates> check_;
};

}  // namespace nscp::check_system
