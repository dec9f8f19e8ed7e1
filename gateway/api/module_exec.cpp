#include "gateway/api/module_exec.h"

#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "proto/cpp/utf8.h"

namespace nscp::gateway {
namespace {

Response ErrorsAnswer(std::string_view text) {
  return TextAnswer(500, "Command returned errors: " + RepairUtf8(text));
}

}  // namespace

Result<v1::ExecResponse> ExecModule(const Context& context, const std::string& module,
                                    const std::string& command,
                                    const std::vector<std::string>& arguments,
                                    const std::string& change) {
  v1::ExecRequest request;
  request.set_module(module);
  request.set_command(command);
  for (const std::string& argument : arguments) request.add_arguments(argument);
  request.set_change(change);
  context.SetCaller(request.mutable_caller());
  return context.kernel().Exec(request, context.Call());
}

Response NoModuleAnswer(const Context& context, const Status& status,
                        const std::string& named) {
  if (status.code() == Code::kPermissionDenied) return ErrorsAnswer(status.message());
  context.Log(sdk::LogLevel::kError, "request " + context.request.request_id +
                                         ": no answer of a module: " + status.message());
  return TextAnswer(500, "No response from module, is the " + named + "module loaded?");
}

Response CommandErrors(const v1::ExecResponse& answer) {
  return ErrorsAnswer(answer.output());
}

Response InvalidModuleAnswer() { return TextAnswer(500, "Invalid response from module"); }

}  // namespace nscp::gateway
