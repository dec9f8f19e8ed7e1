// `nscp logs`: the last lines of the running agent's log, and with --follow those that
// come. Main's thread.
#pragma once

#include "kernel/cli/contexts.h"

namespace nscp::kernel {

const OptionGroup& LogsOptions();
// With --follow: 0 at a signal or when nobody reads any more, kNoAgent when the agent
// ends.
int RunLogs(const Invocation& invocation, Terminal& terminal);

}  // namespace nscp::kernel
