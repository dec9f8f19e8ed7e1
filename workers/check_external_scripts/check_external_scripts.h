// The module CheckExternalScripts: scripts and programs as checks, and aliases. Source:
// modules.md C4.
#pragma once

#include <memory>

#include "workers/sdk/module.h"

namespace nscp::check_external_scripts {

std::unique_ptr<sdk::Module> MakeCheckExternalScripts();

}  // namespace nscp::check_external_scripts
