// `nscp settings --check`: every problem of the store, as text or as JSON.
#include "kernel/cli/problems_json.h"
#include "kernel/cli/settings_command.h"
#include "kernel/settings/problems.h"

namespace nscp::kernel {
namespace {

int PrintJson(SettingsCall& call, const std::vector<SettingsProblem>& problems) {
  JsonWriter json;
  json.BeginObject().Key("problems");
  AddProblems(problems, &json);
  call.terminal.Print(json.EndObject().text() + "\n");
  return problems.empty() ? 0 : 1;
}

}  // namespace

int CheckSettings(SettingsCall& call) {
  const std::string output = call.given.Last("output");
  if (!output.empty() && output != "text" && output != "json") {
    return FailSettings(call, "Invalid command line: --output is text or json");
  }
  OpenStore& store = call.store;
  const auto problems = FindProblems(*store.settings, *store.catalogue);
  if (output == "json") return PrintJson(call, problems);
  for (const SettingsProblem& problem : problems) {
    call.terminal.PrintError(ProblemText(problem) + "\n");
  }
  return problems.empty() ? 0 : 1;
}

}  // namespace nscp::kernel
