// The commands of what the collector samples and of what stands below /sys.
#pragma once

#include "workers/check_system/commands.h"

namespace nscp::check_system {

void AddSampledCommands(const Shared& shared, Commands& commands);

}  // namespace nscp::check_system
