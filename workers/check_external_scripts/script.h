// A script as the settings define it, and how its command line becomes the words of a
// program. Values and pure functions; any thread. Source: modules.md C4.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"
#include "workers/check_external_scripts/windows_line.h"
#include "workers/process/program.h"

namespace nscp::check_external_scripts {

struct Script {
  std::string name;                // lower case
  std::string line;                // as the settings have it
  std::vector<std::string> words;  // of the line
  // The line goes to the system's shell as it is: it cannot be taken apart, or it is
  // cmd.exe's own.
  bool by_shell = false;
  LineStyle style = LineStyle::kPosix;
  bool ignore_perf = false;
  // False: start it, answer at once, forget it.
  bool capture = true;
  // Why it cannot run; empty when it can.
  std::string fault;
};

Script MakeScript(std::string name, std::string line,
                  LineStyle style = SystemLineStyle());

// What callers may bring along.
struct ArgumentRules {
  bool allowed = false;
  bool nasty = false;  // characters that a shell would understand
};

// The error text of the answer when `arguments` may not be given to `script`; empty when
// they may.
std::string RefuseArguments(const Script& script,
                            const std::vector<std::string>& arguments,
                            const ArgumentRules& rules);

// With the arguments in their places. A batch file of Windows gets them so that cmd.exe
// makes no commands of them.
Result<process::Program> MakeProgram(const Script& script,
                                     const std::vector<std::string>& arguments);

}  // namespace nscp::check_external_scripts
