// A line of a log file as check_logfile and the real-time filters judge it, and its
// keywords. Values; any thread.
#pragma once

#include <memory>
#include <string>

#include "workers/checks/keywords.h"

namespace nscp::check_log_file {

struct LogRow {
  std::string line;
  std::shared_ptr<const std::string> file;       // shared by the lines of a file
  std::shared_ptr<const std::string> separator;  // of columns; shared by all
};

// Keywords with numbers for columns go from column1 to this one; column(n) gives any.
constexpr int kColumnKeywords = 9;

checks::Keywords<LogRow> LogKeywords();

}  // namespace nscp::check_log_file
