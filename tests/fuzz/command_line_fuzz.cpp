// Any text as one command line; what came out, quoted, must come out again.
// Links nscp_checks.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/fuzz/check.h"
#include "workers/checks/command_line.h"

namespace {

std::string Quote(std::string_view argument) {
  std::string quoted = "\"";
  for (const char c : argument) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using nscp::checks::SplitCommandLine;
  using nscp::fuzz::Check;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto words = SplitCommandLine(line);
  if (!words.ok()) return 0;
  size_t bytes = 0;
  std::string again;
  for (const std::string& word : *words) {
    Check(!word.empty());
    bytes += word.size();
    again += Quote(word) + " ";
  }
  Check(bytes <= line.size());
  if (again.size() > nscp::checks::kMaxCommandLineLength) return 0;
  const auto twice = SplitCommandLine(again);
  Check(twice.ok() && *twice == *words);
  return 0;
}
