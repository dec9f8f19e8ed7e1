#include "workers/lua_script/kernel_agent.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::lua_script {
namespace {

constexpr std::chrono::seconds kOwnCall{10};
// Exit codes of commands (sdk::ExecAnswer).
constexpr int kUnknownCommand = 1;
constexpr int kExecFailed = 3;

CallOptions Limit(std::chrono::milliseconds limit) {
  CallOptions options;
  options.timeout = limit;
  return options;
}

}  // namespace

std::chrono::milliseconds Visit::left() const {
  const auto now = std::chrono::steady_clock::now();
  return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(deadline - now),
                  std::chrono::milliseconds(1));
}

void KernelAgent::Log(sdk::LogLevel level, std::string_view text) {
  host_.Log(level, text);
}

sdk::CheckResult KernelAgent::Run(const Visit& visit, const sdk::Query& query) {
  return visit.call != nullptr ? visit.call->Run(query, visit.left())
                               : host_.Run(query, visit.left());
}

sdk::SubmitAnswer KernelAgent::Submit(const Visit& visit,
                                      const sdk::Submission& submission) {
  return visit.call != nullptr ? visit.call->Submit(submission)
                               : host_.Submit(submission, visit.left());
}

sdk::ExecAnswer KernelAgent::ExecOne(const Visit& visit, const std::string& module,
                                     const sdk::Query& command) {
  if (visit.call != nullptr) return visit.call->Exec(module, command);
  v1::ExecRequest request;
  request.set_module(RepairUtf8(module));
  request.set_command(command.command);
  for (const std::string& argument : command.arguments) request.add_arguments(argument);
  const auto answer = host_.kernel().Exec(request, Limit(visit.left()));
  if (!answer.ok()) return {kExecFailed, answer.status().message()};
  return {answer->code(), answer->output()};
}

// Whether the module has this command, or commands that it names while it runs.
bool KernelAgent::MayKnow(const std::string& module, const std::string& command) {
  v1::GetModuleRequest request;
  request.set_name(module);
  const auto found = host_.kernel().GetModule(request, Limit(kOwnCall));
  if (!found.ok()) return false;
  const v1::Manifest& manifest = found->manifest();
  return std::any_of(manifest.exec_commands().begin(), manifest.exec_commands().end(),
                     [&](const v1::ExecName& exec) {
                       return EqualsIgnoreCase(exec.name(), command);
                     }) ||
         std::any_of(manifest.dynamic().begin(), manifest.dynamic().end(),
                     [](const v1::DynamicClass& names) {
                       return names.kind() == v1::DynamicClass::EXEC;
                     });
}

sdk::ExecAnswer KernelAgent::Exec(const Visit& visit, const std::string& target,
                                  const sdk::Query& command) {
  const bool all = target == "all" || target == "*";
  if (!all && target != "any") return ExecOne(visit, target, command);
  const auto modules = host_.kernel().ListModules({}, Limit(kOwnCall));
  if (!modules.ok()) return {kExecFailed, modules.status().message()};
  sdk::ExecAnswer together{kUnknownCommand, "Command not found: " + command.command};
  for (const v1::ModuleInfo& module : modules->modules()) {
    if (!module.loaded() || visit.over() || !MayKnow(module.id(), command.command)) {
      continue;
    }
    const sdk::ExecAnswer answer = ExecOne(visit, module.id(), command);
    if (answer.code == kUnknownCommand) continue;
    if (!all) return answer;
    if (together.code == kUnknownCommand) together = {0, ""};
    together.code = std::max(together.code, answer.code);
    together.output += (together.output.empty() ? "" : "\n") + answer.output;
  }
  return together;
}

Status KernelAgent::Reload(const std::string& target) {
  v1::ReloadHostRequest request;
  request.set_target(target);
  request.set_delayed(true);  // it may be this very module
  return host_.kernel().ReloadHost(request, Limit(kOwnCall)).status();
}

Result<std::string> KernelAgent::ExpandPath(const std::string& text) {
  return host_.ExpandPath(text);
}

Result<std::vector<std::string>> KernelAgent::Keys(const std::string& path) {
  v1::GetSettingsRequest request;
  request.set_path(path);
  ASSIGN_OR_RETURN(const auto found,
                   host_.kernel().GetSettings(request, Limit(kOwnCall)));
  std::vector<std::string> keys;
  for (const v1::SettingEntry& entry : found.entries()) {
    if (!entry.key().empty()) keys.push_back(entry.key());
  }
  return keys;
}

Result<std::optional<std::string>> KernelAgent::Get(const std::string& path,
                                                    const std::string& key) {
  v1::GetSettingsRequest request;
  request.set_path(path);
  request.set_key(key);
  request.set_defaults(true);
  ASSIGN_OR_RETURN(const auto found,
                   host_.kernel().GetSettings(request, Limit(kOwnCall)));
  if (found.entries().empty()) return std::optional<std::string>();
  return std::optional<std::string>(found.entries(0).value());
}

Status KernelAgent::Set(const std::string& path, const std::string& key,
                        const std::string& value) {
  v1::UpdateSettingsRequest request;
  v1::SettingEntry& entry = *request.add_entries();
  entry.set_path(path);
  entry.set_key(key);
  entry.set_value(value);
  return host_.kernel().UpdateSettings(request, Limit(kOwnCall)).status();
}

Status KernelAgent::Save() {
  return host_.kernel().SaveSettings({}, Limit(kOwnCall)).status();
}

bool KernelAgent::Ready() {
  const auto status = host_.kernel().GetHostStatus({}, Limit(kOwnCall));
  return status.ok() && status->ready();
}

}  // namespace nscp::lua_script
