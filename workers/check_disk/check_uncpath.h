// check_uncpath: how full the file system of a path is, such as a share (modules.md C2).
// Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_disk/space.h"
#include "workers/checks/check.h"

namespace nscp::check_disk {

struct ShareRow {
  std::string path;
  Space space;
};

class UncPathCheck {
 public:
  // DeadlineExceeded where the file system does not answer.
  using Read =
      std::function<Result<Space>(const std::string& path, const Account& account)>;

  UncPathCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Read& read) const;

 private:
  checks::Check<ShareRow> check_;
};

}  // namespace nscp::check_disk
