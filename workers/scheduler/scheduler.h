// The module Scheduler: runs checks by itself and submits what they say (modules.md C8).
// Its facts (names, titles, settings) stand in Scheduler.json.in.
#pragma once

#include <memory>

#include "workers/sdk/module.h"

namespace nscp::scheduler {

std::unique_ptr<sdk::Module> MakeScheduler();

}  // namespace nscp::scheduler
