// The modules inside nscp-module.exe. The table is made by CMake from every
// nscp_module(), so a new module is in it without a line here.
#pragma once

#include <string_view>
#include <vector>

namespace nscp::windows {

struct ModuleProgram {
  std::string_view name;  // as in [/modules]
  int (*main)();          // the module's own main(), which runs its whole life
};

const std::vector<ModuleProgram>& ModulePrograms();

}  // namespace nscp::windows
