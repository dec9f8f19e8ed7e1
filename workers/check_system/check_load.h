// check_load: the load average (modules.md C1). Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/load_source.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

struct LoadRow {
  std::string type = "total";  // "scaled": divided by the number of processors
  LoadAverage average;
};

class LoadCheck {
 public:
  LoadCheck();
  // The error of `average` is the answer.
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Result<LoadAverage>& average) const;

 private:
  checks::Check<LoadRow> check_;
};

}  // namespace nscp::check_system
