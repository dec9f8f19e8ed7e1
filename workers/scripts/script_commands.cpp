#include "workers/scripts/script_commands.h"

#include <filesystem>

#include "json/writer.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::scripts {

using sdk::CommandLine;
using sdk::CommandOption;
using sdk::ExecAnswer;
using Takes = CommandOption::Takes;

ExecAnswer Failed(const Status& status) { return {kFailed, status.message()}; }

std::string ValueOf(const CommandLine& line, std::string_view name) {
  return line.Find(name).value_or("");
}

ExecAnswer ListScripts(const CommandLine& line, const Keeper& keeper) {
  std::vector<std::string> names;
  if (line.Has("query")) {
    for (const auto& [name, definition] : keeper.definitions) names.push_back(name);
  } else {
    names = keeper.folder.List(line.Has("include-lib"));
  }
  if (!line.Has("json")) {
    std::string text;
    for (const std::string& name : names) text += name + "\n";
    return {0, text};
  }
  json::Writer out;
  out.BeginArray();
  for (const std::string& name : names) out.String(RepairUtf8(name));
  out.EndArray();
  return {0, out.Text()};
}

ExecAnswer ShowScript(const CommandLine& line, const Keeper& keeper) {
  const std::string name = ValueOf(line, "script");
  if (const auto known = keeper.definitions.find(ToLowerAscii(name));
      known != keeper.definitions.end()) {
    return {0, known->second};
  }
  const auto file = keeper.folder.Find(name);
  if (!file.ok()) return Failed(file.status());
  auto text = keeper.folder.Read(*file);
  if (!text.ok()) return Failed(text.status());
  return {0, *std::move(text)};
}

ExecAnswer AddScript(const CommandLine& line, const Keeper& keeper,
                     const Addition& addition, const Save& save) {
  if (line.Has("list")) return ListScripts(line, keeper);
  const std::string name = ValueOf(line, "script");
  if (name.empty()) return {kFailed, "No script specified add --script"};
  const std::string import = ValueOf(line, "import");
  const auto file = import.empty()
                        ? addition.find(name)
                        : keeper.folder.Import(name, import, line.Has("replace"));
  if (!file.ok()) return Failed(file.status());

  std::string alias = ValueOf(line, "alias");
  if (alias.empty()) {
    alias = std::filesystem::u8path(file->shown).stem().u8string();
  }
  if (!line.Has("no-config")) {
    const Status saved = save({{addition.section, alias, addition.line(*file)},
                               {"/modules", keeper.module, "enabled"}});
    if (!saved.ok()) return Failed(saved);
  }
  return {0, "Added " + alias + " as " + file->shown};
}

ExecAnswer DeleteScript(const CommandLine& line, const Keeper& keeper, const Save& save) {
  const std::string name = ValueOf(line, "script");
  if (name.empty()) return {kFailed, "No script specified add --script"};
  if (const auto known = keeper.definitions.find(ToLowerAscii(name));
      known != keeper.definitions.end()) {
    const std::string definition = known->second;  // saving replaces the definitions
    std::vector<sdk::Settings::Entry> removed;
    for (const std::string& section : keeper.sections) {
      removed.push_back({section, name, ""});
    }
    const Status saved = save(removed);
    if (!saved.ok()) return Failed(saved);
    return {0,
            "Script definition has been removed don't forget to delete any artifact "
            "for: " +
                definition};
  }
  const auto file = keeper.folder.Find(name);
  if (!file.ok()) return Failed(file.status());
  const Status removed = keeper.folder.Remove(*file);
  return removed.ok() ? ExecAnswer{0, "Script file was removed"} : Failed(removed);
}

std::vector<CommandOption> ListOptions() {
  return {{"json", 0, Takes::kNothing, "As JSON"},
          {"query", 0, Takes::kNothing, "Commands that are configured, not files"},
          {"include-lib", 0, Takes::kNothing, "Libraries, too"}};
}

std::vector<CommandOption> ShowOptions() {
  return {{"script", 0, Takes::kValue, "The script: a file or a name"}};
}

std::vector<CommandOption> AddOptions() {
  std::vector<CommandOption> options = {
      {"script", 0, Takes::kValue, "The script: a file or a name"},
      {"alias", 0, Takes::kValue, "Name of the command; the file's without one"},
      {"import", 0, Takes::kValue, "File to copy into the script folder first"},
      {"replace", 0, Takes::kNothing, "Also where there is such a file"},
      {"no-config", 0, Takes::kNothing, "Only the file, no command"},
      {"list", 0, Takes::kNothing, "List the files"}};
  for (const CommandOption& option : ListOptions()) options.push_back(option);
  return options;
}

ExecAnswer RunCommand(const std::vector<Command>& commands, const sdk::Query& query,
                      std::string_view usage) {
  std::string name = query.command;
  std::vector<std::string> words = query.arguments;
  if (name.empty() && !words.empty()) {
    name = words.front();
    words.erase(words.begin());
  }
  for (const Command& known : commands) {
    if (known.name != name) continue;
    const auto line = CommandLine::Parse(known.options, words);
    if (!line.ok()) {
      return {kFailed, "Invalid command line: " + line.status().message() + "\n" +
                           sdk::DescribeOptions(known.options)};
    }
    if (line->Has("help")) return {0, sdk::DescribeOptions(known.options)};
    return known.run(*line);
  }
  return {kFailed, std::string(usage)};
}

}  // namespace nscp::scripts
