// Which scripts the settings name, and where their files are. Functions without state.
// Source: modules.md F1.
#pragma once

#include <string>
#include <vector>

#include "workers/lua_script/interpreter.h"
#include "workers/scripts/script_folder.h"

namespace nscp::lua_script {

inline constexpr char kScriptsSection[] = "/settings/lua/scripts";
inline constexpr char kModule[] = "LUAScript";
inline constexpr size_t kMaxScripts = 500;  // an interpreter has 100 KB at least

struct Definition {
  std::string alias;
  std::string name;  // the file as the settings name it
};

// In the file's order; a line without a value has the file of its own name.
std::vector<Definition> ReadDefinitions(const sdk::Settings& settings);

// What a script is called that has no name of its own: its file without folder and
// ending.
std::string AliasOf(const std::string& file);

// Below ${scripts}: the scripts' own folder, and the files as names show them.
scripts::ScriptFolder FolderOf(const std::string& scripts);
std::string LibraryOf(const std::string& scripts);

// The file of a script: as given, in the scripts' own folder, or below ${scripts}; each
// also with ".lua" after it. `shown` is the name as given. NotFound "Script not found:
// <name>".
Result<scripts::ScriptFolder::Found> FindScript(const std::string& scripts,
                                                const std::string& name);

}  // namespace nscp::lua_script
