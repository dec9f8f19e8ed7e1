// The module CheckEventLog: Windows' event logs, when asked and as records come
// (modules.md G). Its facts (names, titles, settings) stand in CheckEventLog.json.in.
#pragma once

#include <memory>

#include "workers/sdk/module.h"

namespace nscp::check_event_log {

std::unique_ptr<sdk::Module> MakeCheckEventLog();

}  // namespace nscp::check_event_log
