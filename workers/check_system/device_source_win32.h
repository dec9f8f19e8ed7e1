// The devices of this computer, from SetupAPI. Any thread.
#pragma once

#include "workers/check_system/check_hardware.h"

namespace nscp::check_system {

Result<Devices> ListWindowsDevices(const std::function<bool()>& cancelled);

}  // namespace nscp::check_system
