// What NSClient++'s module CommandClient answers: `nscp test` is the kernel's own here,
// and no module stands behind it. Source: the command line's specification A.8.
#include "kernel/core/kernel.h"
#include "kernel/policy/policy.h"

namespace nscp::kernel {
namespace {

constexpr char kExit[] = "exit";
constexpr int kUnknownCommand = 1;
constexpr int kFailedCommand = 3;

v1::ExecResponse Answer(int code, const std::string& text) {
  v1::ExecResponse response;
  response.set_code(code);
  response.set_output(text);
  return response;
}

}  // namespace

Result<v1::ExecResponse> Kernel::RunOwnCommand(const std::string& subject,
                                               const std::string& command) {
  RETURN_IF_ERROR(PolicyNow().MayExec(subject, kOwnModule, command));
  if (command != kExit) return Answer(kUnknownCommand, "Command not found: " + command);
  if (!options_.is_console) {
    return Answer(kFailedCommand,
                  "Command client is not running (this only works in test mode)!");
  }
  AskToEnd();
  return Answer(0, "Shutdown requested");
}

}  // namespace nscp::kernel
