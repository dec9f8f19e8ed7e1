// The keywords of check_process. Any thread.
#pragma once

#include "workers/check_system/check_process.h"
#include "workers/check_system/platform.h"

namespace nscp::check_system {

checks::Keywords<ProcessRow> ProcessKeywords(Platform platform = ThisPlatform());

// Whether a process in this state of proc(5) counts as started.
bool IsStarted(char letter);

}  // namespace nscp::check_system
