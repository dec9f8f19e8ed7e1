#include "kernel/cli/test_command.h"

#include <atomic>
#include <thread>

#include "kernel/cli/context_call.h"
#include "kernel/cli/line_input.h"
#include "kernel/cli/termination.h"
#include "kernel/cli/wait_loaded.h"
#include "kernel/console/console.h"

namespace nscp::kernel {
namespace {

KernelOptions TestOptions(const CommonOptions& common) {
  KernelOptions options = KernelOptionsFor(common);
  options.log_level = common.level.value_or(v1::LOG_DEBUG);
  options.log_level_given = true;
  options.log_file = !common.backend.empty() && common.backend != "console";
  options.sinks.push_back(NewConsole({}));
  return options;
}

// The end of the input is not the end of the program: it may have none. What is typed or
// piped in early waits for the modules that it speaks to.
void ReadConsole(Kernel& kernel, const std::atomic<bool>& stop, LineInput& input,
                 Console console, Termination& termination) {
  WaitUntilLoaded(kernel, stop);
  while (const auto line = input.Next()) {
    if (!console.Handle(*line)) return termination.Ask();
  }
}

Status RunUntilToldToEnd(const CommonOptions& common, Terminal& terminal) {
  ASSIGN_OR_RETURN(const auto termination, Termination::Create());
  ASSIGN_OR_RETURN(const auto input, LineInput::Create());
  ASSIGN_OR_RETURN(const auto kernel, Kernel::Create(TestOptions(common)));
  kernel->OnAskedToEnd([&termination] { termination->Ask(); });
  kernel->LoadEnabled();
  const auto client = KernelClient::Connect(kernel->target(), kernel->admin_token());
  terminal.PrintLog(v1::LOG_INFO, kConsoleSender,
                    "Enter command to inject or exit to terminate...");
  std::atomic<bool> stop{false};
  // As log lines, so that they keep their place among those of what they cause.
  const auto say = [&logger = kernel->logger()](const std::string& line) {
    logger.Log(v1::LOG_INFO, kConsoleSender, line, __FILE__, __LINE__);
  };
  std::thread reader([&] {
    ReadConsole(*kernel, stop, *input, Console(*client, {}, say), *termination);
  });
  const int signal = termination->Wait();
  if (signal != 0) {
    terminal.PrintLog(v1::LOG_INFO, kConsoleSender,
                      "Received signal " + std::to_string(signal) + ", shutting down");
  }
  kernel->OnAskedToEnd(nullptr);
  stop = true;
  input->Stop();
  kernel->Shutdown();  // ends the call that the console may wait for
  reader.join();
  terminal.PrintLog(v1::LOG_INFO, kConsoleSender, "Done");
  return Status::Ok();
}

}  // namespace

int RunTest(const Invocation& invocation, Terminal& terminal) {
  static const OptionGroup kNoOptions = {"Test options", {}};
  const auto call = BeginContext(invocation, kNoOptions, Unknown::kRefused, terminal);
  if (!call) return 1;
  const Status status = RunUntilToldToEnd(call->common, terminal);
  if (status.ok()) return 0;
  terminal.PrintLog(v1::LOG_ERROR, kConsoleSender, status.message());
  terminal.PrintError("Service failed to start: " + status.message() + "\n");
  return 1;
}

}  // namespace nscp::kernel
