// check_process_history and check_process_history_new: which programs have run since the
// agent started (modules.md C1). Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_system/process_history.h"
#include "workers/checks/check.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_system {

// A program that was never seen has no times.
struct ProcessHistoryRow {
  ProcessRecord record;
  const checks::TimeZone* zone = nullptr;
};

using ListProcessRecords = std::function<Result<std::vector<ProcessRecord>>()>;

class ProcessHistoryCheck {
 public:
  ProcessHistoryCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const ListProcessRecords& list,
                       const checks::TimeZone& zone) const;

 private:
  checks::Check<ProcessHistoryRow> check_;
};

class NewProcessesCheck {
 public:
  NewProcessesCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const ListProcessRecords& list,
                       const checks::TimeZone& zone) const;

 private:
  checks::Check<ProcessHistoryRow> check_;
};

}  // namespace nscp::check_system
