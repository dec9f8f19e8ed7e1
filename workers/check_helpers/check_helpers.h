// The module CheckHelpers: checks that extend other checks, and aliases (modules.md C3).
// Its facts (names, titles, settings) stand in CheckHelpers.json.in.
#pragma once

#include <memory>

#include "workers/sdk/module.h"

namespace nscp::check_helpers {

std::unique_ptr<sdk::Module> MakeCheckHelpers();

}  // namespace nscp::check_helpers
