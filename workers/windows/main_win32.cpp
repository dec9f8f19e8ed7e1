// The program nscp-module.exe: every module, chosen by the first word of the command
// line. A static program for each would cost 10 MB each.
#include <iostream>

#include "workers/windows/modules.h"

int main(int argc, char** argv) {
  const auto& programs = nscp::windows::ModulePrograms();
  const std::string_view wanted = argc > 1 ? argv[1] : "";
  for (const auto& program : programs) {
    if (program.name == wanted) return program.main();
  }
  std::cerr << "nscp-module: there is no module \"" << wanted
            << "\" in this program. It has";
  for (const auto& program : programs) std::cerr << " " << program.name;
  std::cerr << ". The nscp kernel starts it with the name of a module.\n";
  return 64;
}
