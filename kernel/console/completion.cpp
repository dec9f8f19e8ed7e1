#include "kernel/console/completion.h"

#include <algorithm>
#include <set>

#include "kernel/console/console.h"
#include "kernel/console/shell_words.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

// Whoever types does not wait longer for a suggestion.
constexpr std::chrono::milliseconds kCompletionLimit{1000};

using Candidates = std::vector<std::string>;

CallOptions Within() {
  CallOptions options;
  options.timeout = kCompletionLimit;
  return options;
}

void AddNames(KernelClient& client, Candidates* found) {
  for (const v1::NameKind kind : {v1::NAME_QUERY, v1::NAME_ALIAS}) {
    v1::ListQueriesRequest request;
    request.set_kind(kind);
    const auto answer = client.ListQueries(request, Within());
    if (!answer.ok()) return;
    for (const v1::NameInfo& info : answer->names()) found->push_back(info.name());
  }
}

Candidates Modules(KernelClient& client) {
  v1::ListModulesRequest request;
  request.set_all(true);
  const auto answer = client.ListModules(request, Within());
  Candidates found;
  if (!answer.ok()) return found;
  for (const v1::ModuleInfo& info : answer->modules()) found.push_back(info.id());
  return found;
}

Candidates ExecCommands(KernelClient& client, const std::string& module) {
  v1::GetModuleRequest request;
  request.set_name(module);
  const auto answer = client.GetModule(request, Within());
  Candidates found;
  if (!answer.ok()) return found;
  for (const v1::ExecName& exec : answer->manifest().exec_commands()) {
    found.push_back(exec.name());
  }
  return found;
}

// What may stand behind `words`.
Candidates Possible(KernelClient& client, const std::vector<std::string>& words) {
  Candidates found;
  if (words.empty()) {
    found = Console::CommandWords();
    AddNames(client, &found);
  } else if (words.size() == 1 && words[0] == "desc") {
    AddNames(client, &found);
  } else if (words.size() == 1) {
    static const std::set<std::string> kOfModules = {"load", "unload", "enable",
                                                     "disable", "exec"};
    if (kOfModules.count(words[0]) != 0) found = Modules(client);
  } else if (words.size() == 2 && words[0] == "exec") {
    found = ExecCommands(client, words[1]);
  }
  return found;
}

}  // namespace

std::vector<std::string> CompleteLine(KernelClient& client, std::string_view before) {
  const size_t blank = before.find_last_of(" \t");
  const size_t begin = blank == std::string_view::npos ? 0 : blank + 1;
  const std::string word = ToLowerAscii(before.substr(begin));
  Candidates found = Possible(client, SplitShellWords(before.substr(0, begin)));
  const auto differs = [&](const std::string& candidate) {
    return !StartsWith(ToLowerAscii(candidate), word);
  };
  found.erase(std::remove_if(found.begin(), found.end(), differs), found.end());
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace nscp::kernel
