#include "workers/check_external_scripts/commands.h"

#include <cstdio>
#include <filesystem>

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"
#include "workers/check_external_scripts/script_folder.h"
#include "workers/check_external_scripts/wrapping.h"
#include "workers/sdk/command_line.h"

namespace nscp::check_external_scripts {
namespace {

using sdk::CommandLine;
using sdk::CommandOption;
using sdk::ExecAnswer;
using Takes = CommandOption::Takes;

constexpr int kFailed = 3;
constexpr char kModule[] = "CheckExternalScripts";
constexpr char kUsage[] = "Usage: nscp ext-scr [add|list|show|install|delete] --help";

struct Context {
  const CommandLine& line;
  const Definitions& definitions;
  const Save& save;
};

ExecAnswer Failed(const Status& status) { return {kFailed, status.message()}; }

std::string Value(const CommandLine& line, std::string_view name) {
  return line.Find(name).value_or("");
}

std::string JsonText(const std::string& text) {
  std::string json = "\"";
  for (const char c : RepairUtf8(text)) {
    if (static_cast<unsigned char>(c) < 0x20) {
      char escape[7];
      std::snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned>(c));
      json += escape;
      continue;
    }
    if (c == '"' || c == '\\') json += '\\';
    json += c;
  }
  return json + "\"";
}

ExecAnswer List(const Context& call) {
  std::vector<std::string> names;
  if (call.line.Has("query")) {
    for (const auto& [name, script] : call.definitions.scripts) names.push_back(name);
  } else {
    names = ScriptFolder(call.definitions.root).List(call.line.Has("include-lib"));
  }
  const bool json = call.line.Has("json");
  std::string text = json ? "[" : "";
  for (const std::string& name : names) {
    if (json && text.size() > 1) text += ",";
    text += json ? JsonText(name) : name + "\n";
  }
  return {0, json ? text + "]" : text};
}

ExecAnswer Show(const Context& call) {
  const std::string name = Value(call.line, "script");
  const auto& scripts = call.definitions.scripts;
  if (const auto known = scripts.find(ToLowerAscii(name)); known != scripts.end()) {
    return {0, known->second.line};
  }
  const ScriptFolder folder(call.definitions.root);
  const auto file = folder.Find(name);
  if (!file.ok()) return Failed(file.status());
  auto text = folder.Read(*file);
  if (!text.ok()) return Failed(text.status());
  return {0, *std::move(text)};
}

ExecAnswer Add(const Context& call) {
  if (call.line.Has("list")) return List(call);
  const std::string name = Value(call.line, "script");
  if (name.empty()) return {kFailed, "No script specified add --script"};
  const ScriptFolder folder(call.definitions.root);
  const std::string import = Value(call.line, "import");
  const auto file = import.empty()
                        ? folder.Find(name)
                        : folder.Import(name, import, call.line.Has("replace"));
  if (!file.ok()) return Failed(file.status());

  std::string alias = Value(call.line, "alias");
  if (alias.empty()) {
    alias = std::filesystem::u8path(file->shown).stem().u8string();
  }
  if (!call.line.Has("no-config")) {
    std::string line = QuoteWord(file->shown);
    const std::string arguments = Value(call.line, "arguments");
    if (!arguments.empty()) line += " " + arguments;
    const char* section = call.line.Has("wrapped") ? kWrappedSection : kScriptsSection;
    const Status saved =
        call.save({{section, alias, line}, {"/modules", kModule, "enabled"}});
    if (!saved.ok()) return Failed(saved);
  }
  return {0, "Added " + alias + " as " + file->shown};
}

ExecAnswer Delete(const Context& call) {
  const std::string name = Value(call.line, "script");
  if (name.empty()) return {kFailed, "No script specified add --script"};
  const auto& scripts = call.definitions.scripts;
  if (const auto known = scripts.find(ToLowerAscii(name)); known != scripts.end()) {
    const std::string line = known->second.line;  // saving replaces the definitions
    const Status saved =
        call.save({{kScriptsSection, name, ""}, {kWrappedSection, name, ""}});
    if (!saved.ok()) return Failed(saved);
    return {0,
            "Script definition has been removed don't forget to delete any artifact "
            "for: " +
                line};
  }
  const ScriptFolder folder(call.definitions.root);
  const auto file = folder.Find(name);
  if (!file.ok()) return Failed(file.status());
  const Status removed = folder.Remove(*file);
  return removed.ok() ? ExecAnswer{0, "Script file was removed"} : Failed(removed);
}

ExecAnswer Install(const Context& call) {
  std::string rule = Value(call.line, "arguments");
  if (call.line.Has("arguments") && rule.empty()) rule = "safe";
  if (rule.empty()) rule = "false";
  if (rule != "false" && rule != "safe" && rule != "all") {
    return {kFailed, "--arguments is false, safe or all, not " + rule};
  }
  const bool allowed = rule != "false";
  const bool nasty = rule == "all";
  const Status saved =
      call.save({{kSection, "allow arguments", allowed ? "true" : "false"},
                 {kSection, "allow nasty characters", nasty ? "true" : "false"},
                 {"/modules", kModule, "enabled"}});
  if (!saved.ok()) return Failed(saved);
  if (nasty) return {0, "UNSAFE Arguments are allowed."};
  return {0, allowed ? "SAFE Arguments are allowed." : "Arguments are NOT allowed."};
}

struct Command {
  std::string_view name;
  std::vector<CommandOption> options;
  ExecAnswer (*run)(const Context& call);
};

std::vector<Command> Commands() {
  const CommandOption script{"script", 0, Takes::kValue, "The script: a file or a name"};
  const CommandOption json{"json", 0, Takes::kNothing, "As JSON"};
  const CommandOption query{"query", 0, Takes::kNothing,
                            "Commands that are configured, not files"};
  const CommandOption lib{"include-lib", 0, Takes::kNothing, "Libraries, too"};
  return {{"list", {json, query, lib}, List},
          {"show", {script}, Show},
          {"add",
           {script,
            {"alias", 0, Takes::kValue, "Name of the command; the file's without one"},
            {"arguments", 0, Takes::kValue, "What follows the script on its line"},
            {"wrapped", 0, Takes::kNothing, "Run it by the program for its type"},
            {"import", 0, Takes::kValue, "File to copy into the script folder first"},
            {"replace", 0, Takes::kNothing, "Also where there is such a file"},
            {"no-config", 0, Takes::kNothing, "Only the file, no command"},
            {"list", 0, Takes::kNothing, "List the files"},
            json,
            query,
            lib},
           Add},
          {"delete", {script}, Delete},
          {"install",
           {{"arguments", 0, Takes::kOptionalValue,
             "Whether callers may give arguments: false, safe or all"}},
           Install}};
}

}  // namespace

ExecAnswer RunCommand(const sdk::Query& command, const Definitions& definitions,
                      const Save& save) {
  std::string name = command.command;
  std::vector<std::string> words = command.arguments;
  if (name.empty() && !words.empty()) {
    name = words.front();
    words.erase(words.begin());
  }
  for (const Command& known : Commands()) {
    if (known.name != name) continue;
    const auto line = CommandLine::Parse(known.options, words);
    if (!line.ok()) {
      return {kFailed, "Invalid command line: " + line.status().message() + "\n" +
                           sdk::DescribeOptions(known.options)};
    }
    if (line->Has("help")) return {0, sdk::DescribeOptions(known.options)};
    return known.run({*line, definitions, save});
  }
  return {kFailed, kUsage};
}

}  // namespace nscp::check_external_scripts
