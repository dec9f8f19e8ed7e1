// check_kernel_stats: switches between processes, new processes, threads. Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/change.h"
#include "workers/check_system/cpu_source.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

struct KernelStatsRow {
  std::string name;   // "ctxt", "processes", "threads"
  std::string label;  // "Context Switches"
  double rate = 0;    // per second; of threads 0
  int64_t current = 0;
  bool counts_up = true;  // `current` is a count since the start
};

class KernelStatsCheck {
 public:
  // How many threads there are.
  using Threads = std::function<Result<int64_t>()>;

  KernelStatsCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const ChangeSource<CpuSample>& source,
                       const Threads& threads) const;

 private:
  checks::Check<KernelStatsRow> check_;
};

}  // namespace nscp::check_system
