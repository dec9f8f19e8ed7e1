// The module CheckLogFile: lines of log files, when asked and as they come (modules.md
// C5). Its facts (names, titles, settings) stand in CheckLogFile.json.in.
#pragma once

#include <memory>

#include "workers/sdk/module.h"

namespace nscp::check_log_file {

std::unique_ptr<sdk::Module> MakeCheckLogFile();

}  // namespace nscp::check_log_file
