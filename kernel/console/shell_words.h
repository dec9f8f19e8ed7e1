// A typed line as words, the way a shell splits it: blanks part words, single and double
// quotes keep blanks, a backslash keeps the next character (not in single quotes; before
// anything but a quote, a blank or a backslash it stays, for Windows paths). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nscp::kernel {

// A quote that is not closed ends with the line.
std::vector<std::string> SplitShellWords(std::string_view line);

}  // namespace nscp::kernel
