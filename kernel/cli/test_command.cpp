#include "kernel/cli/test_command.h"

#include <atomic>
#include <thread>

#include "kernel/cli/context_call.h"
#include "kernel/cli/line_editor.h"
#include "kernel/cli/line_history.h"
#include "kernel/cli/line_input.h"
#include "kernel/cli/termination.h"
#include "kernel/cli/wait_loaded.h"
#include "kernel/console/completion.h"
#include "kernel/console/console.h"

namespace nscp::kernel {
namespace {

constexpr char kPrompt[] = "nscp> ";
// For a line's answers to be printed before the next line is asked for.
constexpr std::chrono::milliseconds kAnswerWait{200};

const OptionGroup& TestGroup() {
  static const OptionGroup kGroup = {
      "Test options",
      {},
      false,
      "Runs all enabled modules in the foreground and answers the lines that are typed:\n"
      "help lists the commands; anything else is a check with its arguments. It ends\n"
      "with exit, Ctrl-C (SIGINT) or SIGTERM. The end of the input (Ctrl-D, a closed or\n"
      "missing standard input) ends nothing.\n"
      "At a terminal lines can be edited; Tab completes commands, checks and modules,\n"
      "and the arrow keys and Ctrl-R recall earlier lines. Those are kept, without "
      "lines\n"
      "that name a password or a token, in $XDG_STATE_HOME/nscp/test_history, by\n"
      "default ~/.local/state/nscp/test_history.\n"};
  return kGroup;
}

KernelOptions TestOptions(const CommonOptions& common, LineInput& input) {
  KernelOptions options = KernelOptionsFor(common);
  options.log_level = common.level.value_or(v1::LOG_DEBUG);
  options.log_level_given = true;
  options.is_console = true;
  options.log_file = !common.backend.empty() && common.backend != "console";
  options.sinks.push_back(
      NewConsole({false, [&input](std::string_view text) { input.Print(text); }}));
  return options;
}

// `client` is there when the first line is read.
Result<std::unique_ptr<LineInput>> OpenInput(
    const std::unique_ptr<KernelClient>& client) {
  const auto complete = [&client](std::string_view before) {
    return CompleteLine(*client, before);
  };
  auto editor = NewLineEditor({kPrompt, UserHistoryFile(), complete});
  if (editor) return editor;
  return LineInput::Create();
}

// The end of the input is not the end of the program: it may have none. What is typed or
// piped in early waits for the modules that it speaks to.
void ReadConsole(Kernel& kernel, const std::atomic<bool>& stop, LineInput& input,
                 Console console, Termination& termination) {
  WaitUntilLoaded(kernel, stop);
  while (const auto line = input.Next()) {
    if (!console.Handle(*line)) return termination.Ask();
    kernel.logger().Flush(kAnswerWait);
  }
}

void Say(LineInput& input, std::string_view message) {
  input.Print(LogLine(v1::LOG_INFO, kConsoleSender, message));
}

Status RunUntilToldToEnd(const CommonOptions& common) {
  ASSIGN_OR_RETURN(const auto termination, Termination::Create());
  std::unique_ptr<KernelClient> client;
  ASSIGN_OR_RETURN(const auto input, OpenInput(client));
  ASSIGN_OR_RETURN(const auto kernel, Kernel::Create(TestOptions(common, *input)));
  kernel->OnAskedToEnd([&termination] { termination->Ask(); });
  kernel->LoadEnabled();
  client = KernelClient::Connect(kernel->target(), kernel->admin_token());
  Say(*input, "Enter command to inject or exit to terminate...");
  std::atomic<bool> stop{false};
  // As log lines, so that they keep their place among those of what they cause.
  const auto say = [&logger = kernel->logger()](const std::string& line) {
    logger.Log(v1::LOG_INFO, kConsoleSender, line, __FILE__, __LINE__);
  };
  std::thread reader([&] {
    ReadConsole(*kernel, stop, *input, Console(*client, {}, say), *termination);
  });
  const int signal = termination->Wait();
  stop = true;
  input->Stop();
  if (signal != 0) {
    Say(*input, "Received signal " + std::to_string(signal) + ", shutting down");
  }
  kernel->OnAskedToEnd(nullptr);
  kernel->Shutdown();  // ends the call that the console may wait for
  reader.join();
  Say(*input, "Done");
  return Status::Ok();
}

}  // namespace

int RunTest(const Invocation& invocation, Terminal& terminal) {
  const auto call = BeginContext(invocation, TestGroup(), Unknown::kRefused, terminal);
  if (!call) return 1;
  const Status status = RunUntilToldToEnd(call->common);
  if (status.ok()) return 0;
  terminal.PrintLog(v1::LOG_ERROR, kConsoleSender, status.message());
  terminal.PrintError("Service failed to start: " + status.message() + "\n");
  return 1;
}

}  // namespace nscp::kernel
