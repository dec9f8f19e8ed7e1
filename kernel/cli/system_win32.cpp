#include <windows.h>

#include <shellapi.h>

#include <cstdlib>

#include "kernel/cli/system.h"
#include "proto/cpp/windows_win32.h"

namespace nscp::kernel {
std::vector<std::string> ProgramArguments(int, char**) {
  std::vector<std::string> words;
  int count = 0;
  wchar_t** wide = CommandLineToArgvW(GetCommandLineW(), &count);
  for (int i = 1; wide != nullptr && i < count; ++i) words.push_back(Utf8(wide[i]));
  LocalFree(wide);
  return words;
}

void IgnoreWriteSignals() {}  // Windows has no such signals

// Its versions are lied about to programs without a manifest; what it calls itself here
// is what the environment says.
SystemFacts DescribeSystem() {
  const char* name = std::getenv("OS");
  const char* machine = std::getenv("PROCESSOR_ARCHITECTURE");
  return {name == nullptr ? "Windows" : name, "", machine == nullptr ? "" : machine, ""};
}

}  // namespace nscp::kernel
