// One check or command through a kernel's client, printed as the command line prints it.
// Any one thread. Source: the command line's specification A.7, A.13.
#pragma once

#include <chrono>

#include "kernel/cli/client_request.h"
#include "kernel/cli/terminal.h"
#include "proto/cpp/kernel_client.h"

namespace nscp::kernel {

// The kernel's own limits where a caller names none.
constexpr std::chrono::seconds kQueryLimit{70};
constexpr std::chrono::seconds kExecLimit{120};

// Give the exit code.
int RunQuery(KernelClient& client, const ClientRequest& request, Terminal& terminal);
int RunExec(KernelClient& client, const ClientRequest& request, Terminal& terminal);

// True when that kernel has the module running.
bool IsRunning(KernelClient& client, const std::string& module);

}  // namespace nscp::kernel
