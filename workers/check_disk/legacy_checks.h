// The commands CheckDriveSize and CheckFiles of old agents for Windows (MaxWarn=80%
// CheckAll ...) as the arguments of check_drivesize and check_files. Any thread.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "workers/checks/options.h"

namespace nscp::check_disk {

class LegacyChecks {
 public:
  LegacyChecks();
  // The new arguments, or the answer that takes the check's place: help, or what is
  // wrong.
  using Outcome = std::variant<std::vector<std::string>, sdk::CheckResult>;
  Outcome DriveArguments(const std::vector<std::string>& arguments) const;
  Outcome FileArguments(const std::vector<std::string>& arguments) const;

 private:
  checks::OptionTable drives_;
  checks::OptionTable files_;
};

}  // namespace nscp::check_disk
