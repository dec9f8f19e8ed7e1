// Where the settings of CheckSystem stand: each system has a root of its own, as in
// NSClient++. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace nscp::check_system {

// "/settings/system/unix" or "/settings/system/windows".
std::string SettingsRoot();
// The same with "/<below>" behind it.
inline std::string SettingsPath(std::string_view below) {
  return SettingsRoot() + "/" + std::string(below);
}

}  // namespace nscp::check_system
