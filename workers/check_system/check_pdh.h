// check_pdh: performance counters, read now or as they were sampled. Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_system/counter_watch.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

struct CounterRow {
  std::string alias;
  std::string counter;
  std::string time;  // the window of an average, as given
  double value = 0;
};

class PdhCheck {
 public:
  PdhCheck();
  // `wait` as that of CounterReadOptions; `until`: when a first value is not waited for
  // any longer.
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, CounterSource& source,
                       CounterWatch& watch, const std::function<bool(int)>& wait,
                       CounterWatch::Clock::time_point until) const;

 private:
  checks::Check<CounterRow> check_;
};

// The arguments of NSClient++'s old command CheckCounter (Counter=, Counter:alias=,
// MaxWarn=, MinCrit=, ShowAll ...) as those of check_pdh; what it does not know stays.
std::vector<std::string> FromLegacyCounter(const std::vector<std::string>& arguments);

}  // namespace nscp::check_system
