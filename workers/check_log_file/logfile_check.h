// check_logfile: the lines of log files (modules.md C5). Any thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "workers/check_log_file/bookmarks.h"
#include "workers/check_log_file/log_file.h"
#include "workers/check_log_file/log_row.h"
#include "workers/checks/check.h"

namespace nscp::check_log_file {

// Bytes of lines that one check keeps because a threshold looks at them.
constexpr size_t kMaxMatchedBytes = 64 * 1024 * 1024;

class LogfileCheck {
 public:
  using Open = std::function<Result<std::unique_ptr<LogFile>>(const std::string& path)>;

  LogfileCheck();
  // `bookmarks` is used by calls that ask for one.
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Open& open,
                       Bookmarks& bookmarks) const;

 private:
  checks::Check<LogRow> check_;
};

}  // namespace nscp::check_log_file
