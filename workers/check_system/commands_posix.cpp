#include "workers/check_system/commands.h"

namespace nscp::check_system {

void AddPlatformCommands(const Shared&, Commands&) {}

}  // namespace nscp::check_system
