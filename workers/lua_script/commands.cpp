#include "workers/lua_script/commands.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/lua_script/definitions.h"

namespace nscp::lua_script {
namespace {

using scripts::Keeper;
using scripts::kFailed;
using sdk::CommandLine;
using sdk::CommandOption;
using sdk::ExecAnswer;
using Takes = CommandOption::Takes;

constexpr char kUsage[] = "Usage: nscp lua [add|execute|list|show|install|delete] --help";
constexpr int kNotOurs = 1;
constexpr char kUnitAlias[] = "unit";

ExecAnswer Add(const CommandLine& line, const Keeper& keeper, const Workshop& workshop) {
  scripts::Addition addition;
  addition.find = [&](const std::string& name) {
    return FindScript(workshop.scripts, name);
  };
  addition.section = kScriptsSection;
  addition.line = [](const scripts::ScriptFolder::Found& file) { return file.shown; };
  return scripts::AddScript(line, keeper, addition, workshop.save);
}

// --add and --remove take several, comma separated; the module is enabled in any case.
ExecAnswer Install(const CommandLine& line, const Workshop& workshop) {
  std::vector<sdk::Settings::Entry> entries = {{"/modules", kModule, "enabled"}};
  std::string text = "LUAScript is enabled.";
  for (const std::string& name : SplitList(scripts::ValueOf(line, "add"))) {
    const auto file = FindScript(workshop.scripts, name);
    if (!file.ok()) return scripts::Failed(file.status());
    const std::string alias = AliasOf(name);
    entries.push_back({kScriptsSection, alias, name});
    text += "\nAdded " + alias + " as " + name;
  }
  for (const std::string& alias : SplitList(scripts::ValueOf(line, "remove"))) {
    if (workshop.definitions.count(ToLowerAscii(alias)) == 0) {
      return {kFailed, "Script not found: " + alias};
    }
    entries.push_back({kScriptsSection, alias, ""});
    text += "\nRemoved " + alias;
  }
  const Status saved = workshop.save(entries);
  return saved.ok() ? ExecAnswer{0, text} : scripts::Failed(saved);
}

std::vector<CommandOption> ExecuteOptions() {
  return {{"script", 0, Takes::kValue, "The script whose main(args) is run"},
          {"file", 0, Takes::kValue, "The same"}};
}

// All that follows the script is the script's.
ExecAnswer Execute(std::vector<std::string> words, const Workshop& workshop) {
  std::string name;
  while (!words.empty() && name.empty()) {
    const std::string word = words.front();
    words.erase(words.begin());
    if (word == "--help") return {0, sdk::DescribeOptions(ExecuteOptions())};
    for (const char* option : {"--script", "--file"}) {
      if (word == option && !words.empty()) {
        name = words.front();
        words.erase(words.begin());
      } else if (StartsWith(word, std::string(option) + "=")) {
        name = word.substr(word.find('=') + 1);
      }
    }
    if (name.empty()) {
      return {kFailed, "Invalid command line: the script comes first, not \"" + word +
                           "\"\n" + sdk::DescribeOptions(ExecuteOptions())};
    }
  }
  if (name.empty()) return {kFailed, "No script specified execute --script"};
  const auto file = FindScript(workshop.scripts, name);
  if (!file.ok()) return scripts::Failed(file.status());
  return workshop.execute(file->path, words);
}

ExecAnswer TakeUnitTests(const CommandLine& line, const Workshop& workshop) {
  const std::string name = scripts::ValueOf(line, "script");
  const auto file = FindScript(workshop.scripts, name);
  if (!file.ok()) return scripts::Failed(file.status());
  const Status kept = workshop.keep({{kScriptsSection, kUnitAlias, file->path}});
  return kept.ok() ? ExecAnswer{0, "took " + name} : scripts::Failed(kept);
}

}  // namespace

ExecAnswer RunCommand(const sdk::Query& query, const Workshop& workshop) {
  sdk::Query command = query;
  if (command.command.empty() && !command.arguments.empty()) {
    command.command = command.arguments.front();
    command.arguments.erase(command.arguments.begin());
  }
  if (command.command == "execute") return Execute(command.arguments, workshop);
  const Keeper keeper{
      kModule, {kScriptsSection}, workshop.definitions, FolderOf(workshop.scripts)};
  const std::vector<scripts::Command> commands = {
      {"list", scripts::ListOptions(),
       [&](const CommandLine& line) { return scripts::ListScripts(line, keeper); }},
      {"show", scripts::ShowOptions(),
       [&](const CommandLine& line) { return scripts::ShowScript(line, keeper); }},
      {"add", scripts::AddOptions(),
       [&](const CommandLine& line) { return Add(line, keeper, workshop); }},
      {"delete", scripts::ShowOptions(),
       [&](const CommandLine& line) {
         return scripts::DeleteScript(line, keeper, workshop.save);
       }},
      {"install",
       {{"add", 0, Takes::kValue, "Scripts to add, comma separated"},
        {"remove", 0, Takes::kValue, "Names of scripts to remove, comma separated"}},
       [&](const CommandLine& line) { return Install(line, workshop); }},
      {"lua-script", scripts::ShowOptions(),
       [&](const CommandLine& line) { return TakeUnitTests(line, workshop); }}};
  const bool known = std::any_of(
      commands.begin(), commands.end(),
      [&](const scripts::Command& one) { return one.name == command.command; });
  // Named as a command and not typed behind "nscp lua": it may be another module's.
  if (!known && !query.command.empty()) {
    return {kNotOurs, "Command not found: " + query.command};
  }
  return scripts::RunCommand(commands, command, kUsage);
}

}  // namespace nscp::lua_script
