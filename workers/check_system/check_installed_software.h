// check_installed_software: which packages are installed (modules.md C1). Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/installed_software.h"
#include "workers/checks/check.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_system {

struct SoftwareRow {
  Software software;
  const checks::TimeZone* zone = nullptr;
};

class InstalledSoftwareCheck {
 public:
  using List = std::function<Result<std::vector<Software>>()>;

  InstalledSoftwareCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const List& list,
                       const checks::TimeZone& zone) const;

 private:
  checks::Check<SoftwareRow> check_;
};

}  // namespace nscp::check_system
