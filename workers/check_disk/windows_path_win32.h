// Paths for Windows' functions. Any thread.
#pragma once

#include <string>

namespace nscp::check_disk {

// Absolute and of any length ("\\?\..."); relative ones count from the agent's folder,
// "C:" is the root of that drive. Touches no file system.
std::wstring SystemPath(const std::string& path);

}  // namespace nscp::check_disk
