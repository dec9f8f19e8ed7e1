// The system's own tools, run for their output: package managers, the name service's. In
// the language and the time zone that their output is read in (C, UTC). Any thread.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_system {

// Bytes kept of a tool's output: the packages of a large system take 4 MB.
constexpr size_t kMaxToolOutput = 16 * 1024 * 1024;

struct ToolOutput {
  bool found = true;  // false: there is no such tool here
  int code = 0;
  std::string text;
};

using RunTool = std::function<Result<ToolOutput>(const std::vector<std::string>& words,
                                                 std::chrono::milliseconds limit)>;

// Runs tools until `cancelled`. An error tells of one that was ended early, or whose
// output is longer than what is kept.
RunTool MakeRunTool(std::function<bool()> cancelled);

// The last line with something in it: why a tool failed.
std::string LastLine(const std::string& text);

}  // namespace nscp::check_system
