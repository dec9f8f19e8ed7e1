// The commands of `nscp lua`: list, show, add, delete, install, execute, and lua-script,
// which `nscp unit` gives a script by. Called one at a time. Source: modules.md F1; the
// command line's specification A.9, A.12.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/scripts/script_commands.h"
#include "workers/sdk/module.h"

namespace nscp::lua_script {

// What the commands work on, and with.
struct Workshop {
  std::string scripts;                             // the folder ${scripts}
  std::map<std::string, std::string> definitions;  // lower-case alias -> file
  scripts::Save save;
  // As Save, but in memory alone.
  scripts::Save keep;
  // Runs main(args) of a file.
  std::function<sdk::ExecAnswer(const std::string& file,
                                const std::vector<std::string>& arguments)>
      execute;
};

sdk::ExecAnswer RunCommand(const sdk::Query& command, const Workshop& workshop);

}  // namespace nscp::lua_script
