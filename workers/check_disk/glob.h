// Patterns for file names: `*`, `?`, `[a-z]`, `[!x]`, and a backslash before a character
// that means itself (fnmatch without flags, byte by byte). Any thread.
#pragma once

#include <string_view>

namespace nscp::check_disk {

// `*.*` and an empty pattern match every name, as they do on Windows. Takes at most
// pattern times name steps.
bool MatchesPattern(std::string_view pattern, std::string_view name);

}  // namespace nscp::check_disk
