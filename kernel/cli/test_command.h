// `nscp test`: the whole agent in the foreground with a console. Owner of its kernel;
// main's thread, and one that reads the console. Source: the command line's specification
// A.8.
#pragma once

#include "kernel/cli/contexts.h"

namespace nscp::kernel {

int RunTest(const Invocation& invocation, Terminal& terminal);

}  // namespace nscp::kernel
