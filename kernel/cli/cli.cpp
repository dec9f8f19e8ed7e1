#include "kernel/cli/cli.h"

#include "kernel/cli/client_command.h"
#include "kernel/cli/contexts.h"
#include "kernel/cli/test_command.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

constexpr char kTestAlias[] = "test";

// The module that a word stands for; empty for no alias.
std::string ModuleOfAlias(const Invocation& invocation) {
  for (const AliasWord& alias : Aliases()) {
    if (alias.name == invocation.context) return std::string(alias.module);
  }
  // What an installed module's manifest says; the folder may be named by an option.
  const auto given = ParseOptions({LightOptions()}, invocation.words);
  if (!given.ok()) return "";
  PathTokens tokens = PathTokens::ForThisProgram();
  for (const std::string& text : given->All("path-override")) {
    if (const auto pair = ParsePathOverride(text); pair.ok()) {
      tokens.Override(pair->first, pair->second);
    }
  }
  std::string note;
  const auto folder = tokens.ModuleFolder(&note);
  if (!folder.ok()) return "";
  const auto catalogue = Catalogue::Open({*folder});
  const auto module =
      catalogue.ok() ? (*catalogue)->FindCommandLineAlias(invocation.context) : nullptr;
  return module ? module->name() : "";
}

int RunContext(const Invocation& invocation, Terminal& terminal) {
  for (const ContextWord& context : Contexts()) {
    if (context.name == invocation.context) return context.run(invocation, terminal);
  }
  if (invocation.context == kTestAlias) return RunTest(invocation, terminal);
  const std::string module = ModuleOfAlias(invocation);
  if (!module.empty()) return RunAlias(invocation, module, terminal);
  terminal.Print(UsageText());
  terminal.PrintError("Invalid module specified: " + invocation.context + "\n");
  return 1;
}

}  // namespace

int RunCommandLine(const std::vector<std::string>& words, Terminal& terminal) {
  if (words.empty()) {
    terminal.Print(UsageText());
    return 1;
  }
  const std::string& first = words.front();
  if (words.size() == 1 && first == "--version") {
    terminal.Print(VersionText(false));
    return 0;
  }
  if (words.size() == 1 && first == "--help") {
    terminal.Print(HelpText() + "\n" + UsageText());
    return 1;
  }
  if (StartsWith(first, "-")) {
    terminal.PrintError("First option should be the \"context\": nscp <context>\n");
    return 1;
  }
  return RunContext({first, {words.begin() + 1, words.end()}}, terminal);
}

}  // namespace nscp::kernel
