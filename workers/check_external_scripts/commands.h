// The commands of `nscp ext-scr`, which the scripts routes of the REST API are too: list,
// show, add, delete, install. Called one at a time. Source: modules.md C4.
#pragma once

#include "workers/check_external_scripts/definitions.h"
#include "workers/scripts/script_commands.h"
#include "workers/sdk/module.h"

namespace nscp::check_external_scripts {

using scripts::Save;

sdk::ExecAnswer RunCommand(const sdk::Query& command, const Definitions& definitions,
                           const Save& save);

}  // namespace nscp::check_external_scripts
