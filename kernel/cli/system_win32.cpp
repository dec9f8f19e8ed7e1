#include <windows.h>

#include <shellapi.h>

#include <cstdlib>
#include <cwchar>

#include "kernel/cli/system.h"

namespace nscp::kernel {
namespace {

std::string ToUtf8(const wchar_t* wide) {
  const int length = static_cast<int>(std::wcslen(wide));
  const int size =
      WideCharToMultiByte(CP_UTF8, 0, wide, length, nullptr, 0, nullptr, nullptr);
  std::string text(static_cast<size_t>(size), '\0');
  WideCharToMultiByte(CP_UTF8, 0, wide, length, text.data(), size, nullptr, nullptr);
  return text;
}

}  // namespace

std::vector<std::string> ProgramArguments(int, char**) {
  std::vector<std::string> words;
  int count = 0;
  wchar_t** wide = CommandLineToArgvW(GetCommandLineW(), &count);
  for (int i = 1; wide != nullptr && i < count; ++i) words.push_back(ToUtf8(wide[i]));
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
