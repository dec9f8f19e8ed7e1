#include "kernel/cli/modules_command.h"

#include "kernel/cli/live_call.h"
#include "kernel/cli/module_report.h"
#include "kernel/cli/module_switch.h"
#include "kernel/console/limits.h"
#include "kernel/output/progress.h"
#include "kernel/output/visible.h"
#include "kernel/settings/modules_section.h"

namespace nscp::kernel {
namespace {

using NameList = std::vector<std::string>;

struct ModulesAction {
  ActionWord word;
  int (*run)(const LiveCall& call, const NameList& names, Terminal& terminal);
  bool needs_names = true;
};

// What became of one name.
struct Outcome {
  std::string module;
  Status status;
  std::string done;  // "loaded"
  std::string note;  // from the kernel
};

int Tell(const LiveCall& call, const std::vector<Outcome>& outcomes, Terminal& terminal) {
  JsonWriter json;
  json.BeginObject().Key("results").BeginArray();
  bool all_done = true;
  for (const Outcome& outcome : outcomes) {
    const bool ok = outcome.status.ok();
    const std::string& text = ok ? outcome.note : outcome.status.message();
    all_done = all_done && ok;
    json.BeginObject().Key("module").Text(outcome.module).Key("done").Bool(ok);
    json.Key("message").Text(text).EndObject();
    if (!ok) {
      (void)FailLive(call.context, outcome.status, terminal);
    } else if (!call.json) {
      terminal.Print(Visible(outcome.module) + " " + outcome.done +
                     (text.empty() ? "" : ": " + Visible(text)) + "\n");
    }
  }
  if (call.json) terminal.Print(json.EndArray().EndObject().text() + "\n");
  return all_done ? 0 : kNotDone;
}

int List(const LiveCall& call, const NameList&, Terminal& terminal) {
  const auto running = RequireRunning(call, terminal);
  if (!running) return kNoAgent;
  v1::ListModulesRequest request;
  request.set_all(call.begun.given.Has("all"));
  request.set_details(call.json);
  const auto modules = running->ListModules(request, {});
  if (!modules.ok()) return FailCall(call.context, modules.status(), terminal);
  if (!call.json) {
    terminal.Print(ModuleTable(*modules).Text(terminal.screen()));
    return 0;
  }
  JsonWriter json;
  json.BeginObject().Key("modules");
  AddModules(*modules, Which::kAll, &json);
  terminal.Print(json.EndObject().text() + "\n");
  return 0;
}

using ModuleCall = Result<v1::ModuleResponse> (KernelClient::*)(const v1::ModuleRequest&,
                                                                const CallOptions&);

int Act(const LiveCall& call, const NameList& names, Terminal& terminal, ModuleCall act,
        const std::string& doing, const std::string& done) {
  const auto running = RequireRunning(call, terminal);
  if (!running) return kNoAgent;
  std::vector<Outcome> outcomes;
  for (const std::string& name : names) {
    const Progress progress(terminal.screen(), doing + " " + Visible(name));
    v1::ModuleRequest request;
    request.set_name(name);
    CallOptions options;
    options.timeout = kManagementLimit;
    const auto answer = (*running.*act)(request, options);
    outcomes.push_back(
        {name, answer.status(), done, answer.ok() ? answer->message() : ""});
  }
  return Tell(call, outcomes, terminal);
}

int Load(const LiveCall& call, const NameList& names, Terminal& terminal) {
  return Act(call, names, terminal, &KernelClient::LoadModule, "loading", "loaded");
}
int Unload(const LiveCall& call, const NameList& names, Terminal& terminal) {
  return Act(call, names, terminal, &KernelClient::UnloadModule, "unloading", "unloaded");
}
int Reload(const LiveCall& call, const NameList& names, Terminal& terminal) {
  return Act(call, names, terminal, &KernelClient::ReloadModule, "replacing", "replaced");
}

std::vector<IniEntry> SectionOf(const v1::GetSettingsResponse& answer) {
  std::vector<IniEntry> entries;
  for (const v1::SettingEntry& entry : answer.entries()) {
    entries.push_back({entry.key(), entry.value()});
  }
  return entries;
}

// Where [/modules] is read and written: the running agent, so that its memory and the
// file stay the same, else the store itself.
class Section {
 public:
  static Result<Section> Open(const CommonOptions& common) {
    Section section;
    ASSIGN_OR_RETURN(section.store_, OpenSettingsStore(common));
    section.running_ = ConnectToRunning(section.store_.choice);
    return section;
  }

  Status Switch(const std::string& name, bool enable) {
    ASSIGN_OR_RETURN(const std::vector<IniEntry> entries, Read());
    ASSIGN_OR_RETURN(const std::string module, OnDisk(name, enable));
    v1::UpdateSettingsRequest request;
    request.set_persist(true);
    ASSIGN_OR_RETURN(*request.add_entries(),
                     SwitchEntry(ParseModulesSection(entries), name, module, enable));
    return running_ ? running_->UpdateSettings(request, {}).status()
                    : store_.settings->Update(request).status();
  }

 private:
  Result<std::vector<IniEntry>> Read() const {
    if (!running_) return store_.settings->Keys("/modules");
    v1::GetSettingsRequest request;
    request.set_path("/modules");
    ASSIGN_OR_RETURN(const v1::GetSettingsResponse answer,
                     running_->GetSettings(request, {}));
    return SectionOf(answer);
  }

  // A module that the rules of manifests refuse can be turned off, but not on.
  Result<std::string> OnDisk(const std::string& name, bool enable) const {
    const CataloguePtr module = store_.catalogue->Find(name);
    if (!module) return std::string();
    if (enable && !module->refused.empty()) {
      return Status::FailedPrecondition("enabling " + module->name() + ": " +
                                        module->refused);
    }
    return module->name();
  }

  OpenStore store_;
  std::unique_ptr<KernelClient> running_;
};

int SwitchAll(const LiveCall& call, const NameList& names, Terminal& terminal,
              bool enable) {
  auto section = Section::Open(call.begun.common);
  if (!section.ok()) return FailLive(call.context, section.status(), terminal);
  std::vector<Outcome> outcomes;
  for (const std::string& name : names) {
    outcomes.push_back(
        {name, section->Switch(name, enable), enable ? "enabled" : "disabled", ""});
  }
  return Tell(call, outcomes, terminal);
}

int Enable(const LiveCall& call, const NameList& names, Terminal& terminal) {
  return SwitchAll(call, names, terminal, true);
}
int Disable(const LiveCall& call, const NameList& names, Terminal& terminal) {
  return SwitchAll(call, names, terminal, false);
}

const std::vector<ModulesAction>& ActionTable() {
  static const std::vector<ModulesAction> kActions = {
      {{"list", "List the modules"}, List, false},
      {{"load", "Start modules"}, Load},
      {{"unload", "End modules"}, Unload},
      {{"reload", "Replace running modules without losing a query"}, Reload},
      {{"enable", "Load modules from the agent's next start on"}, Enable},
      {{"disable", "Load them no longer at the agent's start"}, Disable},
  };
  return kActions;
}

int Wrong(const std::string& what, Terminal& terminal) {
  terminal.PrintError("nscp modules: " + what + "; see nscp modules --help\n");
  return kWrongCommandLine;
}

}  // namespace

const OptionGroup& ModulesOptions() {
  static const OptionGroup kGroup = {
      "Modules options",
      {
          {"all", 0, Takes::kNothing, "", "With list: those that are only on disk too"},
          OutputOption(),
      }};
  return kGroup;
}

const std::vector<ActionWord>& ModulesActions() {
  static const std::vector<ActionWord> kWords = [] {
    std::vector<ActionWord> words;
    for (const ModulesAction& action : ActionTable()) words.push_back(action.word);
    return words;
  }();
  return kWords;
}

int RunModules(const Invocation& invocation, Terminal& terminal) {
  const auto call = BeginLive(invocation, ModulesOptions(), Words::kSeveral, terminal);
  if (!call) return kWrongCommandLine;
  const std::string word = call->words.empty() ? "list" : call->words.front();
  const NameList names(call->words.empty() ? call->words.end() : call->words.begin() + 1,
                       call->words.end());
  for (const ModulesAction& action : ActionTable()) {
    if (action.word.name != word) continue;
    if (action.needs_names && names.empty()) {
      return Wrong(word + " needs the name of a module", terminal);
    }
    if (!action.needs_names && !names.empty()) {
      return Wrong("unexpected argument '" + Visible(names.front()) + "'", terminal);
    }
    return action.run(*call, names, terminal);
  }
  return Wrong("unknown action '" + Visible(word) + "'", terminal);
}

}  // namespace nscp::kernel
