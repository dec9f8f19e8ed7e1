// The commands of NSClient++ before 0.4 (checkCpu, checkMem ...), which configurations of
// that time still call: their words become arguments of the commands of today. Pure
// functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workers/check_system/commands.h"

namespace nscp::check_system {

struct LegacyCall {
  std::string command;  // of today
  std::vector<std::string> arguments;
};

// `name` in small letters. An error tells of a word that is not understood and names the
// command of today.
Result<LegacyCall> TranslateLegacy(std::string_view name,
                                   const std::vector<std::string>& arguments);

// The old names of those commands that are in `commands` already.
void AddLegacyCommands(Commands& commands);

}  // namespace nscp::check_system
