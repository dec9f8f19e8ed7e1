// The commands that every module with scripts has on the command line and, as the scripts
// routes, in the REST API: list, show, add, delete. A module brings its definitions, its
// folder and what is its own; the words and texts are the same for all. Functions without
// state; called one at a time. Source: modules.md C4, F1; rest-api.md 5.7.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "workers/scripts/script_folder.h"
#include "workers/sdk/command_line.h"
#include "workers/sdk/module.h"

namespace nscp::scripts {

// The exit code of what could not be done.
inline constexpr int kFailed = 3;

// Writes keys and takes them into use; an empty value removes a key.
using Save = std::function<Status(const std::vector<sdk::Settings::Entry>& entries)>;

struct Keeper {
  std::string module;                 // "CheckExternalScripts"
  std::vector<std::string> sections;  // of the settings, all that hold definitions
  std::map<std::string, std::string> definitions;  // lower-case name -> its line
  ScriptFolder folder;
};

// What is special about a module's `add`.
struct Addition {
  // A file that is there already, by the name that the user gave.
  std::function<Result<ScriptFolder::Found>(const std::string& name)> find;
  std::string section;  // where the definition goes
  // The definition's line.
  std::function<std::string(const ScriptFolder::Found& file)> line;
};

sdk::ExecAnswer ListScripts(const sdk::CommandLine& line, const Keeper& keeper);
sdk::ExecAnswer ShowScript(const sdk::CommandLine& line, const Keeper& keeper);
sdk::ExecAnswer AddScript(const sdk::CommandLine& line, const Keeper& keeper,
                          const Addition& addition, const Save& save);
sdk::ExecAnswer DeleteScript(const sdk::CommandLine& line, const Keeper& keeper,
                             const Save& save);

// The options of each.
std::vector<sdk::CommandOption> ListOptions();
std::vector<sdk::CommandOption> ShowOptions();  // those of delete, too
std::vector<sdk::CommandOption> AddOptions();

struct Command {
  std::string_view name;
  std::vector<sdk::CommandOption> options;
  std::function<sdk::ExecAnswer(const sdk::CommandLine& line)> run;
};

// Finds the command (the first argument, where none is named), reads its options and runs
// it; otherwise `usage`.
sdk::ExecAnswer RunCommand(const std::vector<Command>& commands, const sdk::Query& query,
                           std::string_view usage);

sdk::ExecAnswer Failed(const Status& status);
// The value of an option; empty without one.
std::string ValueOf(const sdk::CommandLine& line, std::string_view name);

}  // namespace nscp::scripts
