#include <signal.h>
#include <sys/utsname.h>

#include <fstream>

#include "kernel/cli/system.h"
#include "kernel/console/shell_words.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {

std::vector<std::string> ProgramArguments(int argc, char** argv) {
  return argc > 1 ? std::vector<std::string>(argv + 1, argv + argc)
                  : std::vector<std::string>();
}

void IgnoreWriteSignals() {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

SystemFacts DescribeSystem() {
  SystemFacts facts;
  utsname name{};
  if (uname(&name) == 0) facts = {name.sysname, name.release, name.machine, ""};
  std::ifstream file("/etc/os-release");
  constexpr std::string_view kPretty = "PRETTY_NAME=";
  for (std::string line; std::getline(file, line);) {
    if (!StartsWith(line, kPretty)) continue;
    const auto words = SplitShellWords(line.substr(kPretty.size()));
    if (!words.empty()) facts.distribution = words.front();
  }
  return facts;
}

}  // namespace nscp::kernel
