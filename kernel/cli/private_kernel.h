// A kernel of one command's own: no lock, a folder of its own, only the modules that the
// command needs; all gone at the end, also when the command is interrupted. Made and
// dropped by main's thread. Source: design.md "Command line".
#pragma once

#include "kernel/cli/client_request.h"
#include "kernel/cli/common_options.h"

namespace nscp::kernel {

constexpr int kBootFailed = 4;

int RunWithPrivateKernel(const CommonOptions& common, const ClientRequest& request,
                         Terminal& terminal);

}  // namespace nscp::kernel
