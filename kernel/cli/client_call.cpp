#include "kernel/cli/client_call.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "kernel/cli/result_json.h"
#include "kernel/cli/wait_loaded.h"
#include "kernel/console/perf_text.h"
#include "kernel/output/visible.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

constexpr int kUnknown = 3;  // also the exit code of a command that failed
constexpr int kNoSuchCommand = 1;
constexpr std::chrono::milliseconds kReadyStep{50};

// Bytes as they are for a program, clean text for a terminal.
void PrintLine(const std::string& text, Terminal& terminal) {
  const std::string line = terminal.screen().output ? VisibleLines(text) : text;
  terminal.Print(!line.empty() && line.back() == '\n' ? line : line + "\n");
}

// What the command line says in a module's place.
v1::CheckResult NoResult(const std::string& why) {
  v1::CheckResult result;
  result.set_code(v1::UNKNOWN);
  result.add_lines()->set_message(why);
  return result;
}

v1::CheckResult ResultOf(const std::string& command,
                         const Result<v1::ExecuteResponse>& answer) {
  if (!answer.ok()) {
    return NoResult("Failed to execute command: " + command + " (" +
                    answer.status().message() + ")");
  }
  const bool is_known = answer->answered() || !answer->module().empty();
  return is_known ? answer->result() : NoResult("No handler for command: " + command);
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
  const v1::CheckResult result = ResultOf(*request.query, answer);
  PrintLine(request.json ? ResultJson(*request.query, result) : ResultText(result),
            terminal);
  return static_cast<int>(result.code());
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

void WaitUntilReady(KernelClient& running) {
  const auto limit = std::chrono::steady_clock::now() + kLoadLimit;
  while (std::chrono::steady_clock::now() < limit) {
    const auto status = running.GetHostStatus({}, {});
    if (!status.ok() || status->ready()) return;
    std::this_thread::sleep_for(kReadyStep);
  }
}

bool IsRunning(KernelClient& client, const std::string& module) {
  v1::GetModuleRequest request;
  request.set_name(module);
  const auto answer = client.GetModule(request, {});
  return answer.ok() && answer->module().state() == v1::RUNNING;
}

}  // namespace nscp::kernel
