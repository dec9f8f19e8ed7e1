// Splitting one command line text into arguments, as aliases, check_multi, script
// definitions and the scheduler hold them (filter-engine.md 2.4). Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::checks {

constexpr size_t kMaxCommandLineLength = 64 * 1024;

// Separator: blank. `"` anywhere in an argument switches quoting on and off; an open
// quote ends with the text. `\"`, `\\` and `\n` (line end) are the escapes; any other is
// the error "unknown escape sequence". Empty arguments are dropped. Single quotes mean
// nothing here.
Result<std::vector<std::string>> SplitCommandLine(std::string_view line);

}  // namespace nscp::checks
