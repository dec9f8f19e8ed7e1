// One check or command through a kernel's client, printed as the command line prints it.
// Any one thread. Source: the command line's specification A.7, A.13.
#pragma once

#include "kernel/cli/client_request.h"
#include "kernel/cli/terminal.h"
#include "kernel/console/limits.h"
#include "proto/cpp/kernel_client.h"

namespace nscp::kernel {

// Give the exit code.
int RunQuery(KernelClient& client, const ClientRequest& request, Terminal& terminal);
int RunExec(KernelClient& client, const ClientRequest& request, Terminal& terminal);

// An agent that has just begun still starts its modules; what they answer then is worth
// the wait, of at most kLoadLimit (wait_loaded.h).
void WaitUntilReady(KernelClient& running);

// True when that kernel has the module running.
bool IsRunning(KernelClient& client, const std::string& module);

}  // namespace nscp::kernel
