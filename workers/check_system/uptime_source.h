// How long the system has been up. Any thread.
#pragma once

#include "proto/cpp/status.h"

namespace nscp::check_system {

// Seconds since the system started.
Result<double> ReadUptime();

}  // namespace nscp::check_system
