// `nscp modules`: lists, loads, unloads and replaces modules of the running agent, and
// turns them on or off in the settings, which needs no agent. Main's thread.
#pragma once

#include "kernel/cli/contexts.h"

namespace nscp::kernel {

const OptionGroup& ModulesOptions();
const std::vector<ActionWord>& ModulesActions();
int RunModules(const Invocation& invocation, Terminal& terminal);

}  // namespace nscp::kernel
