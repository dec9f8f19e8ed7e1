// The commands of `nscp ext-scr`, which the scripts routes of the REST API are too: list,
// show, add, delete, install. Called one at a time. Source: modules.md C4.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_external_scripts/definitions.h"
#include "workers/sdk/module.h"

namespace nscp::check_external_scripts {

// Writes keys and takes them into use.
using Save = std::function<Status(const std::vector<sdk::Settings::Entry>& entries)>;

sdk::ExecAnswer RunCommand(const sdk::Query& command, const Definitions& definitions,
                           const Save& save);

}  // namespace nscp::check_external_scripts
