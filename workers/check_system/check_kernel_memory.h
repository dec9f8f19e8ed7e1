// check_kernel_memory: what the kernel holds, and how often pages are not there. Any
// thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/change.h"
#include "workers/check_system/memory_source.h"
#include "workers/check_system/paging_source.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

struct KernelMemoryRow {
  KernelMemory memory;
  double page_faults = 0;  // per second
  double major_faults = 0;
};

class KernelMemoryCheck {
 public:
  KernelMemoryCheck();
  // The error of `memory` or of `paging` is the answer.
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Result<MemorySample>& memory,
                       const ChangeSource<PagingCounters>& paging) const;

 private:
  checks::Check<KernelMemoryRow> check_;
};

}  // namespace nscp::check_system
