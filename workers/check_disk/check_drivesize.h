// check_drivesize: how full drives are (modules.md C2). Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_disk/drive_row.h"

namespace nscp::check_disk {

class DriveCheck {
 public:
  // What one run needs from outside.
  struct Host {
    std::function<Result<std::vector<Mount>>()> mounts;
    // DeadlineExceeded where a file system does not answer.
    std::function<Result<Space>(const std::string& path)> space;
    // Over so many seconds, of the file system that is mounted there.
    std::function<Trend(const std::string& mount, int64_t window)> trend;
  };

  explicit DriveCheck(PathStyle style = SystemPathStyle());
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Host& host) const;

 private:
  const PathStyle style_;
  checks::Check<DriveRow> check_;
};

}  // namespace nscp::check_disk
