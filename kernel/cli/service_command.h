// `nscp service`: the agent as a service. Owner of its kernel from start to end; main's
// thread. Source: the command line's specification A.6.
#pragma once

#include "kernel/cli/contexts.h"

namespace nscp::kernel {

const OptionGroup& ServiceOptions();
int RunService(const Invocation& invocation, Terminal& terminal);

}  // namespace nscp::kernel
