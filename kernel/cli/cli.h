// The `nscp` command line: from the program's words to its exit code. Main's thread.
// Source: the command line's specification, part A.
#pragma once

#include <string>
#include <vector>

#include "kernel/cli/terminal.h"

namespace nscp::kernel {

int RunCommandLine(const std::vector<std::string>& words, Terminal& terminal);

}  // namespace nscp::kernel
