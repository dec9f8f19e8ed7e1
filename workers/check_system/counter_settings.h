// The counters of the settings, below /settings/system/windows/counters: a section for
// each, or a line `name = path`. Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/counter_watch.h"
#include "workers/sdk/module.h"

namespace nscp::check_system {

inline constexpr char kCountersPath[] = "/settings/system/windows/counters";

struct CounterSettings {
  std::vector<CounterConfig> counters;
  // For the log; a counter with one is left out.
  std::vector<std::string> problems;
};

CounterSettings ReadCounterSettings(const sdk::Settings& settings);

}  // namespace nscp::check_system
