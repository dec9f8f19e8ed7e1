#include <windows.h>

#include "workers/check_system/uptime_source.h"

namespace nscp::check_system {

Result<double> ReadUptime() { return static_cast<double>(::GetTickCount64()) / 1000; }

}  // namespace nscp::check_system
