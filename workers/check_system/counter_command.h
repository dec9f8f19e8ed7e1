// `nscp sys pdh`: lists, validates and looks up performance counters. Any thread. Source:
// the command line's specification A.12.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_system/counter_watch.h"
#include "workers/sdk/module.h"

namespace nscp::check_system {

// `words` are the arguments behind "pdh". `cancelled` as that of checks::Environment.
sdk::ExecAnswer RunCounterCommand(std::vector<std::string> words, CounterSource& source,
                                  const CounterWatch& watch,
                                  const std::function<bool()>& cancelled);

}  // namespace nscp::check_system
