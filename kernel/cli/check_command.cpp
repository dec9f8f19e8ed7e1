#include "kernel/cli/check_command.h"

#include "kernel/cli/client_call.h"
#include "kernel/cli/live_call.h"
#include "kernel/cli/private_kernel.h"

namespace nscp::kernel {
namespace {

constexpr int kNoResult = 3;

int Perform(const LiveCall& call, const ClientRequest& request, Terminal& terminal) {
  const CommonOptions& common = call.begun.common;
  const auto choice = ChooseStore(common);
  // A store that can't be chosen is told by the kernel that tries it next.
  const auto running =
      !common.defines.empty() || !choice.ok() ? nullptr : ConnectToRunning(*choice);
  if (!running) {
    const int code = RunWithPrivateKernel(common, request, terminal);
    return code == kBootFailed ? kNoResult : code;
  }
  WaitUntilReady(*running);
  return RunQuery(*running, request, terminal);
}

}  // namespace

const OptionGroup& CheckOptions() {
  static const OptionGroup kGroup = {
      "Check options",
      {
          {"boot", 'b', Takes::kNothing, "",
           "Without a running agent: start the modules' collectors first"},
          OutputOption(),
      }};
  return kGroup;
}

int RunCheck(const Invocation& invocation, Terminal& terminal) {
  const auto call = BeginLive(invocation, CheckOptions(), Words::kVerbatim, terminal);
  if (!call) return kNoResult;
  if (call->words.empty()) {
    terminal.PrintError(
        "nscp check: which check? nscp queries lists them; see nscp check --help\n");
    return kNoResult;
  }
  ClientRequest request;
  request.query = call->words.front();
  request.arguments.assign(call->words.begin() + 1, call->words.end());
  request.boot = call->begun.given.Has("boot");
  request.log_to_errors = true;
  request.json = call->json;
  return Perform(*call, request, terminal);
}

}  // namespace nscp::kernel
