// `nscp completion`: a shell's completion of the command line, and the names that it asks
// for. Main's thread.
#pragma once

#include "kernel/cli/contexts.h"

namespace nscp::kernel {

const std::vector<ActionWord>& CompletionActions();
int RunCompletion(const Invocation& invocation, Terminal& terminal);

}  // namespace nscp::kernel
