// check_cpu: averages of the processors' load over time windows (modules.md C1). Any
// thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_system/cpu_history.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

// One core, or all of them, over one window.
struct CpuRow {
  std::string time;     // the window as given
  std::string core;     // "total", "core 0"
  int64_t number = -1;  // of the core; -1 for the total
  CpuLoad load;
};

checks::Keywords<CpuRow> CpuKeywords();

// The rows of one window: cores in the order of their names, then the total.
std::vector<CpuRow> CpuRows(const std::string& window, const CpuAverages& averages);

class CpuCheck {
 public:
  // Where the averages of so many seconds come from.
  using Source = std::function<CpuAverages(int64_t seconds)>;

  CpuCheck();
  // `ready` says whether there are figures; its error is the answer.
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const std::function<Status()>& ready, const Source& source) const;

 private:
  checks::Check<CpuRow> check_;
};

}  // namespace nscp::check_system
