// check_memory: how much of the memory is used (modules.md C1). Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/memory_source.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

class MemoryCheck {
 public:
  MemoryCheck();
  // `memory` is what there is; its error is the answer.
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Result<MemorySample>& memory) const;

 private:
  checks::Check<Memory> check_;
};

}  // namespace nscp::check_system
