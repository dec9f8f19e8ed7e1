// The aliases of a host whose settings have none. Constant. Source: modules.md C4.
#pragma once

#include <vector>

#include "workers/checks/aliases.h"

namespace nscp::check_external_scripts {

std::vector<checks::AliasDefinition> DefaultAliases();

}  // namespace nscp::check_external_scripts
