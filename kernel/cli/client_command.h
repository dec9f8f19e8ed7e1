// `nscp client` and the aliases: one check or one command, of the running agent or of a
// private kernel that lives as long as the command. Main's thread. Sources: the command
// line's specification A.7, A.13; design.md "Command line".
#pragma once

#include "kernel/cli/contexts.h"

namespace nscp::kernel {

int RunClient(const Invocation& invocation, Terminal& terminal);
// `nscp <alias>` of `module`.
int RunAlias(const Invocation& invocation, const std::string& module, Terminal& terminal);

}  // namespace nscp::kernel
