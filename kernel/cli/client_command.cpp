#include "kernel/cli/client_command.h"

#include "kernel/cli/client_call.h"
#include "kernel/cli/context_call.h"
#include "kernel/cli/private_kernel.h"
#include "kernel/cli/store_access.h"

namespace nscp::kernel {
namespace {

int Perform(const CommonOptions& common, const ClientRequest& request,
            Terminal& terminal) {
  if (!request.query && request.module.empty()) {
    terminal.Print("No module was specified...\n");
    return 1;
  }
  const bool own_only = !common.defines.empty() || request.load_all;
  const auto choice = ChooseStore(common);
  // A store that can't be chosen is told by the kernel that tries it next.
  const auto running = own_only || !choice.ok() ? nullptr : ConnectToRunning(*choice);
  if (running) WaitUntilReady(*running);
  const bool has_it =
      running && (request.module.empty() || IsRunning(*running, request.module));
  if (!has_it) return RunWithPrivateKernel(common, request, terminal);
  return request.query ? RunQuery(*running, request, terminal)
                       : RunExec(*running, request, terminal);
}

}  // namespace

int RunClient(const Invocation& invocation, Terminal& terminal) {
  const auto call = BeginContext(invocation, ClientOptions(), Unknown::kKept, terminal);
  if (!call) return 1;
  return Perform(call->common, ReadClientRequest(call->given, ""), terminal);
}

int RunAlias(const Invocation& invocation, const std::string& module,
             Terminal& terminal) {
  const std::vector<OptionGroup> groups = {LightOptions(), AliasOptions()};
  const auto given = ParseOptions(groups, invocation.words);
  if (!given.ok()) {
    terminal.PrintError(given.status().message() + "\n");
    return 1;
  }
  const CommonOptions common = ReadCommonOptions(*given, terminal);
  ClientRequest request = ReadClientRequest(*given, module);
  request.alias = "nscp " + invocation.context;
  return Perform(common, request, terminal);
}

}  // namespace nscp::kernel
