#include "kernel/console/console.h"

#include "kernel/console/metric_text.h"
#include "kernel/console/perf_text.h"
#include "kernel/console/secrets.h"
#include "kernel/console/shell_words.h"
#include "proto/cpp/metric_path.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

constexpr char kContinues[] = "\t... ";

}  // namespace

const std::vector<Console::Command>& Console::Commands() {
  static const std::vector<Command> kCommands = {
      {"help", "help\t-Show this list", &Console::Help},
      {"exit", "exit\t-Leave", nullptr},
      {"queries", "queries\t-List the checks", &Console::Queries},
      {"commands", "commands\t-List the checks", &Console::Queries},
      {"aliases", "aliases\t-List the aliases", &Console::Aliases},
      {"list", "list\t-List checks and aliases", &Console::List},
      {"plugins", "plugins\t-List the modules", &Console::Plugins},
      {"desc", "desc <query>\t-Describe a check", &Console::Describe},
      {"load", "load <module>\t-Load a module", &Console::Load},
      {"unload", "unload <module>\t-Unload a module", &Console::Unload},
      {"enable", "enable <module>\t-Enable a module in the settings", &Console::Enable},
      {"disable", "disable <module>\t-Disable a module in the settings",
       &Console::Disable},
      {"reload", "reload\t-Reload the service", &Console::Reload},
      {"metrics", "metrics [filter]\t-List the metrics", &Console::Metrics},
      {"settings", "settings\t-List the settings", &Console::ShowSettings},
      {"exec", "exec <target> <command> [args]\t-Run a command of a module",
       &Console::Exec},
  };
  return kCommands;
}

std::vector<std::string> Console::CommandWords() {
  std::vector<std::string> words;
  for (const Command& command : Commands()) words.emplace_back(command.name);
  return words;
}

bool Console::Handle(const std::string& line) {
  if (line.size() > kMaxConsoleLine) {
    Say("The line is longer than " + std::to_string(kMaxConsoleLine) + " bytes");
    return true;
  }
  const Words words = SplitShellWords(line);
  if (words.empty()) return true;
  secrets_ = SecretsOf(words);
  for (const Command& command : Commands()) {
    if (words[0] != command.name) continue;
    // A bare `exec` is no command of the console (corrections 49).
    if (command.run == &Console::Exec && words.size() == 1) break;
    if (command.run == nullptr) return false;
    (this->*command.run)(words);
    return true;
  }
  Query(words);
  return true;
}

// Each line but the last one tells that another follows.
void Console::Say(const std::string& text) {
  const std::string said = MaskSecrets(text, secrets_);
  const std::vector<std::string> lines = Split(said, '\n');
  for (size_t i = 0; i < lines.size(); ++i) {
    say_(i + 1 < lines.size() ? lines[i] + kContinues : lines[i]);
  }
}

CallOptions Console::Within(std::chrono::milliseconds limit) const {
  CallOptions options;
  options.timeout = limit;
  options.request_id = asker_.request_id;
  options.cancellation = asker_.cancellation;
  return options;
}

v1::ModuleRequest Console::Named(const std::string& module) const {
  v1::ModuleRequest request;
  request.set_name(module);
  *request.mutable_caller() = asker_.caller;
  return request;
}

bool Console::NeedsWord(const Words& words, const char* usage) {
  if (words.size() > 1) return true;
  Say(std::string("Usage: ") + usage);
  return false;
}

void Console::Help(const Words&) {
  Say("Commands:");
  for (const Command& command : Commands()) Say(command.usage);
  Say("<query> [args]\t-Run a check");
}

void Console::PrintNames(const std::vector<v1::NameKind>& kinds) {
  bool found = false;
  for (const v1::NameKind kind : kinds) {
    v1::ListQueriesRequest request;
    request.set_kind(kind);
    const auto answer = client_.ListQueries(request, Within(kManagementLimit));
    if (!answer.ok()) return Say(answer.status().message());
    for (const v1::NameInfo& info : answer->names()) {
      found = true;
      Say(info.name() + "\t-" + info.description());
    }
  }
  if (!found) Say("Nothing found");
}

void Console::Queries(const Words&) { PrintNames({v1::NAME_QUERY}); }
void Console::Aliases(const Words&) { PrintNames({v1::NAME_ALIAS}); }
void Console::List(const Words&) { PrintNames({v1::NAME_QUERY, v1::NAME_ALIAS}); }

void Console::Plugins(const Words&) {
  v1::ListModulesRequest request;
  request.set_all(true);
  const auto answer = client_.ListModules(request, Within(kManagementLimit));
  if (!answer.ok()) return Say(answer.status().message());
  for (const v1::ModuleInfo& info : answer->modules()) {
    Say((info.loaded() ? "[X]\t" : "[ ]\t") + info.id() + "\t-" + info.description());
  }
  if (answer->modules().empty()) Say("Nothing found");
}

void Console::Describe(const Words& words) {
  if (!NeedsWord(words, "desc <query>")) return;
  v1::DescribeQueryRequest request;
  request.set_name(words[1]);
  const auto answer = client_.DescribeQuery(request, Within(kManagementLimit));
  if (!answer.ok()) return Say("Command not found");
  Say("command:\t" + answer->info().name());
  Say(answer->info().description());
  Say("Parameters:");
  v1::ExecuteRequest help;
  help.set_command(words[1]);
  help.add_arguments("help-short");
  *help.mutable_caller() = asker_.caller;
  const auto options = client_.Execute(help, Within(kQueryLimit));
  if (!options.ok() || !options->answered()) return;
  // "name=default", tabs, the first line of the description.
  for (const std::string& row : Split(ResultText(options->result()), '\n')) {
    const size_t tab = row.rfind('\t');
    if (tab == std::string::npos) continue;
    Say(row.substr(0, row.find_first_of("=\t")) + row.substr(tab));
  }
}

void Console::Load(const Words& words) {
  if (!NeedsWord(words, "load <module>")) return;
  const auto done = client_.LoadModule(Named(words[1]), Within(kManagementLimit));
  Say(done.ok() ? words[1] + " loaded successfully..."
                : "Failed to load module: " + done.status().message());
}

void Console::Unload(const Words& words) {
  if (!NeedsWord(words, "unload <module>")) return;
  const auto done = client_.UnloadModule(Named(words[1]), Within(kManagementLimit));
  Say(done.ok() ? words[1] + " unloaded successfully..."
                : "Failed to unload module: " + done.status().message());
}

void Console::SetEnabled(const Words& words, bool enabled) {
  v1::GetModuleRequest which;
  which.set_name(words[1]);
  const auto module = client_.GetModule(which, Within(kManagementLimit));
  if (!module.ok()) return Say(module.status().message());
  const v1::ModuleInfo& info = module->module();
  if (!info.alias().empty() && !enabled) {
    return Say("Failed to disable module: " + info.id() +
               " is an alias; remove its line in [/modules] instead");
  }
  v1::UpdateSettingsRequest update;
  update.set_persist(true);
  *update.mutable_caller() = asker_.caller;
  v1::SettingEntry& entry = *update.add_entries();
  entry.set_path("/modules");
  entry.set_key(info.alias().empty() ? info.name() : info.alias());
  entry.set_value(!enabled ? "disabled" : info.alias().empty() ? "enabled" : info.name());
  const auto done = client_.UpdateSettings(update, Within(kManagementLimit));
  if (!done.ok()) return Say(done.status().message());
  Say(words[1] + (enabled ? " enabled successfully..." : " disabled successfully..."));
}

void Console::Enable(const Words& words) {
  if (NeedsWord(words, "enable <module>")) SetEnabled(words, true);
}

void Console::Disable(const Words& words) {
  if (NeedsWord(words, "disable <module>")) SetEnabled(words, false);
}

void Console::Reload(const Words&) {
  v1::ReloadHostRequest request;
  request.set_target("service");
  request.set_delayed(true);
  *request.mutable_caller() = asker_.caller;
  const auto done = client_.ReloadHost(request, Within(kManagementLimit));
  Say(done.ok() ? "Reloading..." : done.status().message());
}

void Console::Metrics(const Words& words) {
  const auto answer = client_.MetricsSnapshot({}, Within(kManagementLimit));
  if (!answer.ok()) return Say(answer.status().message());
  for (const v1::Metric& metric : answer->metrics()) {
    if (metric.has_histogram()) continue;
    const std::string name = MetricPath(metric);
    if (words.size() > 1 && name.find(words[1]) == std::string::npos) continue;
    Say(name + "=" + MetricText(metric));
  }
}

void Console::ShowSettings(const Words&) {
  v1::DescribeSettingsRequest request;
  request.set_recursive(true);
  const auto answer = client_.DescribeSettings(request, Within(kManagementLimit));
  if (!answer.ok()) return Say(answer.status().message());
  for (const v1::SettingDescription& item : answer->descriptions()) {
    if (item.key().empty()) continue;
    Say(item.path() + "/" + item.key() + "=" + (item.has_value() ? item.value() : ""));
  }
}

void Console::Exec(const Words& words) {
  if (words.size() < 3) return Say("Usage: exec <target> <command> [args]");
  v1::ExecRequest request;
  request.set_module(RepairUtf8(words[1]));
  request.set_command(words[2]);
  for (size_t i = 3; i < words.size(); ++i) request.add_arguments(words[i]);
  *request.mutable_caller() = asker_.caller;
  const auto answer = client_.Exec(request, Within(kExecLimit));
  Say(answer.ok() ? answer->output()
                  : "Failed to execute command on " + words[1] + ": " +
                        answer.status().message());
}

void Console::Query(const Words& words) {
  v1::ExecuteRequest request;
  request.set_command(words[0]);
  for (size_t i = 1; i < words.size(); ++i) request.add_arguments(words[i]);
  *request.mutable_caller() = asker_.caller;
  const auto answer = client_.Execute(request, Within(kQueryLimit));
  if (!answer.ok()) return Say("UNKNOWN: " + answer.status().message());
  const std::string state(StateWord(answer->result().code()));
  for (const v1::Line& line : answer->result().lines()) {
    Say(state + ": " + line.message());
    Say(" Performance data: " + PerfText(line));
  }
}

}  // namespace nscp::kernel
