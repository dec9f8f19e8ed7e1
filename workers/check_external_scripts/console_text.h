// What a program of the console printed, in UTF-8. Any thread.
#pragma once

#include <string>

namespace nscp::check_external_scripts {

// Elsewhere than on Windows the text itself. There what is UTF-8 stays, what begins with
// the mark of UTF-16 is that, and all else is in the console's code page (OEM).
std::string ConsoleText(std::string output);

}  // namespace nscp::check_external_scripts
