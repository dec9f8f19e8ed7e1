// The module CheckSystem: the health of the system itself (modules.md C1). Its facts
// (names, titles, settings) stand in CheckSystem.json.in.
#pragma once

#include <memory>

#include "workers/sdk/module.h"

namespace nscp::check_system {

std::unique_ptr<sdk::Module> MakeCheckSystem();

}  // namespace nscp::check_system
