// The Windows Time service, from the service manager and from the service itself. Any
// thread.
#pragma once

#include "workers/check_system/check_w32time.h"

namespace nscp::check_system {

Result<TimeServiceState> ReadWindowsTimeService();

}  // namespace nscp::check_system
