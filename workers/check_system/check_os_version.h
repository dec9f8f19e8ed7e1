// check_os_version: which system this is (modules.md C1). Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/os_release.h"
#include "workers/check_system/platform.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

class OsVersionCheck {
 public:
  explicit OsVersionCheck(Platform platform = ThisPlatform());
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Result<OsVersion>& version) const;

 private:
  checks::Check<OsVersion> check_;
};

}  // namespace nscp::check_system
