// `nscp settings --check`: every problem of the store, as text or as JSON.
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "kernel/cli/settings_command.h"
#include "kernel/settings/modules_section.h"
#include "kernel/settings/problems.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

google::protobuf::Struct ProblemObject(const SettingsProblem& problem) {
  google::protobuf::Struct object;
  auto& fields = *object.mutable_fields();
  const auto add = [&](const char* name, const std::string& text) {
    fields[name].set_string_value(RepairUtf8(text));
  };
  add("file", problem.file);
  fields["line"].set_number_value(static_cast<double>(problem.line));
  add("path", problem.path);
  add("key", problem.key);
  add("problem", problem.what);
  add("expected", problem.expected);
  add("nearest", problem.nearest);
  return object;
}

int PrintJson(SettingsCall& call, const std::vector<SettingsProblem>& problems) {
  google::protobuf::Struct document;
  auto& list = *(*document.mutable_fields())["problems"].mutable_list_value();
  for (const SettingsProblem& problem : problems) {
    *list.add_values()->mutable_struct_value() = ProblemObject(problem);
  }
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(document, &text).ok()) {
    return FailSettings(call, "the problems can't be written as JSON");
  }
  call.terminal.Print(text + "\n");
  return problems.empty() ? 0 : 1;
}

}  // namespace

int CheckSettings(SettingsCall& call) {
  const std::string output = call.given.Last("output");
  if (!output.empty() && output != "text" && output != "json") {
    return FailSettings(call, "Invalid command line: --output is text or json");
  }
  OpenStore& store = call.store;
  // Shadowed names are the agent's to tell.
  store.catalogue->Configure(ParseModulesSection(store.settings->Keys("/modules")));
  const auto problems = FindProblems(*store.settings, *store.catalogue);
  if (output == "json") return PrintJson(call, problems);
  for (const SettingsProblem& problem : problems) {
    call.terminal.PrintError(ProblemText(problem) + "\n");
  }
  return problems.empty() ? 0 : 1;
}

}  // namespace nscp::kernel
