// check_nscp_update: whether a newer version of the agent is released (modules.md C7).
// Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_nscp/update_source.h"
#include "workers/check_nscp/version.h"
#include "workers/checks/check.h"

namespace nscp::check_nscp {

struct UpdateRow {
  Version running;
  Release latest;
  int64_t checked_at = 0;  // seconds since 1970
};

class UpdateCheck {
 public:
  UpdateCheck();
  // `settings` may be the error of reading them.
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Version& running,
                       const Result<UpdateSettings>& settings, UpdateSource& source,
                       std::chrono::steady_clock::time_point deadline) const;

 private:
  const checks::Check<UpdateRow> check_;
};

}  // namespace nscp::check_nscp
