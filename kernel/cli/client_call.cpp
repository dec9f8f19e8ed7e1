#include "kernel/cli/client_call.h"

#include <algorithm>

#include "kernel/console/perf_text.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

constexpr int kUnknown = 3;  // also the exit code of a command that failed
constexpr int kNoSuchCommand = 1;

void PrintLine(const std::string& text, Terminal& terminal) {
  terminal.Print(!text.empty() && text.back() == '\n' ? text : text + "\n");
}

bool HasExec(const v1::Manifest& manifest, const std::string& command) {
  const auto& known = manifest.exec_commands();
  const auto& classes = manifest.dynamic();
  return command.empty() ||
         std::any_of(known.begin(), known.end(),
                     [&](const v1::ExecName& exec) { return exec.name() == command; }) ||
         std::any_of(classes.begin(), classes.end(), [](const v1::DynamicClass& type) {
           return type.kind() == v1::DynamicClass::EXEC;
         });
}

}  // namespace

int RunQuery(KernelClient& client, const ClientRequest& request, Terminal& terminal) {
  v1::ExecuteRequest execute;
  execute.set_command(*request.query);
  for (const std::string& word : request.arguments) execute.add_arguments(word);
  CallOptions options;
  options.timeout = kQueryLimit;
  const auto answer = client.Execute(execute, options);
  if (!answer.ok()) {
    PrintLine("Failed to execute command: " + *request.query + " (" +
                  answer.status().message() + ")",
              terminal);
    return kUnknown;
  }
  if (!answer->answered() && answer->module().empty()) {
    PrintLine("No handler for command: " + *request.query, terminal);
    return kUnknown;
  }
  PrintLine(ResultText(answer->result()), terminal);
  return static_cast<int>(answer->result().code());
}

int RunExec(KernelClient& client, const ClientRequest& request, Terminal& terminal) {
  v1::GetModuleRequest which;
  which.set_name(request.module);
  const auto module = client.GetModule(which, {});
  if (module.ok() && !HasExec(module->manifest(), request.exec)) {
    PrintLine("Command not found: " + request.exec, terminal);
    return kNoSuchCommand;
  }
  v1::ExecRequest exec;
  exec.set_module(RepairUtf8(request.module));
  exec.set_command(request.exec);
  for (const std::string& word : request.arguments) exec.add_arguments(word);
  CallOptions options;
  options.timeout = kExecLimit;
  const auto answer = client.Exec(exec, options);
  if (!answer.ok()) {
    PrintLine("Failed to execute command: " + answer.status().message(), terminal);
    return kUnknown;
  }
  if (!answer->output().empty()) PrintLine(answer->output(), terminal);
  const bool is_known = answer->code() == 0 || answer->code() == kNoSuchCommand;
  return is_known ? answer->code() : kUnknown;
}

bool IsRunning(KernelClient& client, const std::string& module) {
  v1::GetModuleRequest request;
  request.set_name(module);
  const auto answer = client.GetModule(request, {});
  return answer.ok() && answer->module().state() == v1::RUNNING;
}

}  // namespace nscp::kernel
