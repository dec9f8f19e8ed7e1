// check_share: the folders that this computer shares, or whether some are shared
// (modules.md G). Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_disk/shares.h"
#include "workers/checks/check.h"

namespace nscp::check_disk {

struct SharedRow {
  Share share;
  bool exists = true;
};

class ShareCheck {
 public:
  using Read = std::function<Result<std::vector<Share>>()>;

  ShareCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Read& read) const;

 private:
  checks::Check<SharedRow> check_;
};

}  // namespace nscp::check_disk
