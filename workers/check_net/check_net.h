// The module CheckNet (modules.md C6).
#pragma once

#include <memory>

#include "workers/sdk/module.h"

namespace nscp::check_net {

std::unique_ptr<sdk::Module> MakeCheckNet();

}  // namespace nscp::check_net
