#include "workers/lua_script/definitions.h"

#include <filesystem>

namespace nscp::lua_script {

namespace fs = std::filesystem;

std::vector<Definition> ReadDefinitions(const sdk::Settings& settings) {
  std::vector<Definition> found;
  for (const sdk::Settings::Entry& entry : settings.Keys(kScriptsSection)) {
    if (found.size() == kMaxScripts) break;
    found.push_back({entry.key, entry.value.empty() ? entry.key : entry.value});
  }
  return found;
}

std::string AliasOf(const std::string& file) {
  return fs::u8path(file).stem().u8string();
}

std::string LibraryOf(const std::string& scripts) { return scripts + "/lua"; }

scripts::ScriptFolder FolderOf(const std::string& scripts) {
  return scripts::ScriptFolder(LibraryOf(scripts), scripts::ParentOf(scripts));
}

Result<scripts::ScriptFolder::Found> FindScript(const std::string& scripts,
                                                const std::string& name) {
  const fs::path given = fs::u8path(name);
  const fs::path places[] = {given, fs::u8path(LibraryOf(scripts)) / given,
                             fs::u8path(scripts) / given,
                             fs::u8path(scripts::ParentOf(scripts)) / given};
  for (const fs::path& place : places) {
    for (const char* ending : {"", ".lua"}) {
      fs::path file = place;
      file += ending;
      std::error_code error;
      if (!name.empty() && fs::is_regular_file(file, error)) {
        return scripts::ScriptFolder::Found{fs::absolute(file, error).u8string(), name};
      }
    }
  }
  return Status::NotFound("Script not found: " + name);
}

}  // namespace nscp::lua_script
