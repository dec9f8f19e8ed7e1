// The module CheckDocker: containers and their engine (modules.md C11). Its facts (names,
// titles, settings) stand in CheckDocker.json.in.
#pragma once

#include <memory>

#include "workers/sdk/module.h"

namespace nscp::check_docker {

std::unique_ptr<sdk::Module> MakeCheckDocker();

}  // namespace nscp::check_docker
