// `nscp status`: the running agent and each of its slots. Main's thread.
#pragma once

#include "kernel/cli/contexts.h"

namespace nscp::kernel {

const OptionGroup& StatusOptions();
// kNotDone where a loaded module does not run.
int RunStatus(const Invocation& invocation, Terminal& terminal);

}  // namespace nscp::kernel
