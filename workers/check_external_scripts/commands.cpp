#include "workers/check_external_scripts/commands.h"

#include "proto/cpp/text.h"
#include "workers/check_external_scripts/wrapping.h"
#include "workers/scripts/script_commands.h"
#include "workers/sdk/command_line.h"

namespace nscp::check_external_scripts {
namespace {

using sdk::CommandLine;
using sdk::CommandOption;
using sdk::ExecAnswer;
using Takes = CommandOption::Takes;

constexpr char kModule[] = "CheckExternalScripts";
constexpr char kUsage[] = "Usage: nscp ext-scr [add|list|show|install|delete] --help";

ExecAnswer Add(const CommandLine& line, const scripts::Keeper& keeper, const Save& save) {
  scripts::Addition addition;
  addition.find = [&](const std::string& name) { return keeper.folder.Find(name); };
  addition.section = line.Has("wrapped") ? kWrappedSection : kScriptsSection;
  addition.line = [&](const scripts::ScriptFolder::Found& file) {
    const std::string arguments = scripts::ValueOf(line, "arguments");
    return QuoteWord(file.shown) + (arguments.empty() ? "" : " " + arguments);
  };
  return scripts::AddScript(line, keeper, addition, save);
}

ExecAnswer Install(const CommandLine& line, const Save& save) {
  std::string rule = scripts::ValueOf(line, "arguments");
  if (line.Has("arguments") && rule.empty()) rule = "safe";
  if (rule.empty()) rule = "false";
  if (rule != "false" && rule != "safe" && rule != "all") {
    return {scripts::kFailed, "--arguments is false, safe or all, not " + rule};
  }
  const bool allowed = rule != "false";
  const bool nasty = rule == "all";
  const Status saved =
      save({{kSection, "allow arguments", allowed ? "true" : "false"},
            {kSection, "allow nasty characters", nasty ? "true" : "false"},
            {"/modules", kModule, "enabled"}});
  if (!saved.ok()) return scripts::Failed(saved);
  if (nasty) return {0, "UNSAFE Arguments are allowed."};
  return {0, allowed ? "SAFE Arguments are allowed." : "Arguments are NOT allowed."};
}

std::vector<CommandOption> OptionsOfAdd() {
  std::vector<CommandOption> options = scripts::AddOptions();
  options.push_back(
      {"arguments", 0, Takes::kValue, "What follows the script on its line"});
  options.push_back(
      {"wrapped", 0, Takes::kNothing, "Run it by the program for its type"});
  return options;
}

}  // namespace

ExecAnswer RunCommand(const sdk::Query& command, const Definitions& definitions,
                      const Save& save) {
  scripts::Keeper keeper{kModule,
                         {kScriptsSection, kWrappedSection},
                         {},
                         scripts::ScriptFolder(definitions.root)};
  for (const auto& [name, script] : definitions.scripts) {
    keeper.definitions[name] = script.line;
  }
  const std::vector<scripts::Command> commands = {
      {"list", scripts::ListOptions(),
       [&](const CommandLine& line) { return scripts::ListScripts(line, keeper); }},
      {"show", scripts::ShowOptions(),
       [&](const CommandLine& line) { return scripts::ShowScript(line, keeper); }},
      {"add", OptionsOfAdd(),
       [&](const CommandLine& line) { return Add(line, keeper, save); }},
      {"delete", scripts::ShowOptions(),
       [&](const CommandLine& line) {
         return scripts::DeleteScript(line, keeper, save);
       }},
      {"install",
       {{"arguments", 0, Takes::kOptionalValue,
         "Whether callers may give arguments: false, safe or all"}},
       [&](const CommandLine& line) { return Install(line, save); }}};
  return scripts::RunCommand(commands, command, kUsage);
}

}  // namespace nscp::check_external_scripts
