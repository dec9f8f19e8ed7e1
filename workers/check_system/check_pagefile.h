// check_pagefile: how much of the swap is used. Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/memory_source.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

class PagefileCheck {
 public:
  PagefileCheck();
  // The error of `memory` is the answer.
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Result<MemorySample>& memory) const;

 private:
  checks::Check<Memory> check_;
};

}  // namespace nscp::check_system
