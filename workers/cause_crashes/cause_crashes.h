// The module CauseCrashes: goes wrong on demand, in each way that a module can, so that
// one can see what it costs: its own worker, or its own call (modules.md A). Its facts
// stand in CauseCrashes.json.in.
#pragma once

#include <memory>

#include "workers/sdk/module.h"

namespace nscp::cause_crashes {

std::unique_ptr<sdk::Module> MakeCauseCrashes();

}  // namespace nscp::cause_crashes
