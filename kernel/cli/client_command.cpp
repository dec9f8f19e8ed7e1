#include "kernel/cli/client_command.h"

#include <algorithm>

#include "kernel/cli/client_call.h"
#include "kernel/cli/context_call.h"
#include "kernel/cli/private_kernel.h"
#include "kernel/cli/store_access.h"

namespace nscp::kernel {
namespace {

bool IsLocal(KernelClient& running, const ClientRequest& request) {
  v1::GetModuleRequest which;
  which.set_name(request.module);
  const auto module = running.GetModule(which, {});
  if (request.query || !module.ok()) return false;
  std::string name = request.exec;
  if (name.empty() && !request.arguments.empty()) name = request.arguments.front();
  const auto& known = module->manifest().exec_commands();
  return std::any_of(known.begin(), known.end(), [&](const v1::ExecName& exec) {
    return exec.local() && exec.name() == name;
  });
}

// Without its module the running agent does not see what the command has written.
int PerformBeside(KernelClient& running, const CommonOptions& common,
                  const ClientRequest& request, Terminal& terminal) {
  const int code = RunWithPrivateKernel(common, request, terminal);
  v1::ReloadHostRequest reload;
  reload.set_target("settings");
  if (code == 0 && !request.query) (void)running.ReloadHost(reload, {});
  return code;
}

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
      running && (request.module.empty() || request.module == Kernel::kOwnModule ||
                  IsRunning(*running, request.module));
  if (!running) return RunWithPrivateKernel(common, request, terminal);
  if (!has_it) return PerformBeside(*running, common, request, terminal);
  if (IsLocal(*running, request)) return RunWithPrivateKernel(common, request, terminal);
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
