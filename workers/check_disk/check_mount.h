// check_mount: whether file systems are mounted as they should be (modules.md C2). It
// reads the system's table alone and asks no file system, so none can hold it up. Any
// thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_disk/mounts.h"
#include "workers/checks/check.h"

namespace nscp::check_disk {

struct MountRow {
  Mount mount;
  std::string issues;  // what is not as wished; empty when all is
};

class MountCheck {
 public:
  explicit MountCheck(PathStyle style = SystemPathStyle());
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Result<std::vector<Mount>>& mounts) const;

 private:
  const PathStyle style_;
  checks::Check<MountRow> check_;
};

}  // namespace nscp::check_disk
