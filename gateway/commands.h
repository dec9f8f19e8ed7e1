// `nscp web install|password|add-user|add-role` (cli-settings-install.md A.11). Each
// reads and writes the settings through the kernel, keys in memory and in the store in
// one step. Any thread.
#pragma once

#include <string>

#include "proto/cpp/kernel_client.h"
#include "workers/sdk/module.h"

namespace nscp::gateway {

// `command.command` names the subcommand, or is empty and the first argument does.
sdk::ExecAnswer RunWebCommand(const sdk::Query& command, KernelClient& kernel,
                              const std::string& request_id);

}  // namespace nscp::gateway
