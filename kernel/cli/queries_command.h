// `nscp queries`: the checks and aliases that the agent answers, of the running one or of
// a private kernel. Main's thread.
#pragma once

#include "kernel/cli/contexts.h"

namespace nscp::kernel {

const OptionGroup& QueriesOptions();
int RunQueries(const Invocation& invocation, Terminal& terminal);

}  // namespace nscp::kernel
