#include "workers/check_system/settings_root.h"

namespace nscp::check_system {

std::string SettingsRoot() { return "/settings/system/unix"; }

}  // namespace nscp::check_system
