// check_pending_reboot: whether Windows waits for a restart, and why. Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/registry_source.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

// Each is one of the signs that Windows leaves in the registry.
struct PendingReboot {
  bool servicing = false;
  bool windows_update = false;
  bool file_rename = false;
  bool computer_rename = false;
  bool domain_join = false;
  bool configuration_manager = false;

  std::vector<std::string> Reasons() const;
};

Result<PendingReboot> ReadPendingReboot(RegistrySource& registry);

class PendingRebootCheck {
 public:
  PendingRebootCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const OpenRegistry& open) const;

 private:
  checks::Check<PendingReboot> check_;
};

}  // namespace nscp::check_system
