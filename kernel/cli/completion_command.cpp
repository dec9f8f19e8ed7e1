#include "kernel/cli/completion_command.h"

#include <set>

#include "kernel/cli/completion_model.h"
#include "kernel/cli/live_call.h"
#include "kernel/output/visible.h"
#include "kernel/settings/modules_section.h"

namespace nscp::kernel {
namespace {

// Somebody waits at the keyboard.
constexpr std::chrono::milliseconds kPatience{1000};

// One name in each line; names that a shell could misread are left out.
std::string Lines(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    const bool is_plain = name.find_first_of(" \t'\"\\$`") == std::string::npos;
    if (is_plain && Visible(name) == name) text += name + "\n";
  }
  return text;
}

std::string ModuleNames(const OpenStore& store) {
  std::set<std::string> names;
  for (const CataloguePtr& module : store.catalogue->List()) names.insert(module->name());
  for (const auto& module : ParseModulesSection(store.settings->Keys("/modules"))) {
    names.insert(module.id());
  }
  return Lines(names);
}

// Of the running agent, which knows the aliases too; else what the manifests say.
std::string QueryNames(const OpenStore& store) {
  std::set<std::string> names;
  const auto running = ConnectToRunning(store.choice);
  for (const v1::NameKind kind : {v1::NAME_QUERY, v1::NAME_ALIAS}) {
    if (!running) break;
    v1::ListQueriesRequest request;
    request.set_kind(kind);
    CallOptions options;
    options.timeout = kPatience;
    const auto answer = running->ListQueries(request, options);
    if (!answer.ok()) continue;
    for (const v1::NameInfo& info : answer->names()) names.insert(info.name());
  }
  if (!names.empty()) return Lines(names);
  store.catalogue->Configure(ParseModulesSection(store.settings->Keys("/modules")));
  for (const NameClaim& claim : store.catalogue->Names()) names.insert(claim.info.name());
  return Lines(names);
}

// A completion that fails says nothing: it would stand in the line that is being typed.
int PrintNames(const LiveCall& call, std::string (*names)(const OpenStore&),
               Terminal& terminal) {
  const auto store = OpenSettingsStore(call.begun.common);
  if (!store.ok()) return kNotDone;
  terminal.Print(names(*store));
  return 0;
}

}  // namespace

const std::vector<ActionWord>& CompletionActions() {
  static const std::vector<ActionWord> kActions = {
      {"bash", "Print the completion for bash"},
      {"zsh", "Print the completion for zsh"},
      {"fish", "Print the completion for fish"},
      {"modules", "Print the names of the modules"},
      {"queries", "Print the names of the checks"},
  };
  return kActions;
}

int RunCompletion(const Invocation& invocation, Terminal& terminal) {
  static const OptionGroup kNone = {"Completion options", {}};
  const auto call = BeginLive(invocation, kNone, Words::kOne, terminal);
  if (!call) return kWrongCommandLine;
  const std::string word = call->words.empty() ? "" : call->words.front();
  if (word == "modules") return PrintNames(*call, ModuleNames, terminal);
  if (word == "queries") return PrintNames(*call, QueryNames, terminal);
  if (word == "bash") {
    terminal.Print(BashCompletion());
  } else if (word == "zsh") {
    terminal.Print(ZshCompletion());
  } else if (word == "fish") {
    terminal.Print(FishCompletion());
  } else {
    terminal.PrintError(
        "nscp completion: for which shell? bash, zsh or fish; see "
        "docs/command-line.md\n");
    return kWrongCommandLine;
  }
  return 0;
}

}  // namespace nscp::kernel
