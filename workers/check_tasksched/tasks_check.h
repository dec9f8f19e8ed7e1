// check_tasksched: the tasks of a scheduler and how they ended. Built once; Run may be
// called from many threads at a time.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_tasksched/tasks.h"
#include "workers/checks/check.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_tasksched {

class TasksCheck {
 public:
  using Read = std::function<Result<Found>(Asked)>;

  explicit TasksCheck(const checks::TimeZone& zone = {});

  // What was not read is told behind the message, and an OK is UNKNOWN then.
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Read& read) const;

 private:
  checks::Check<Task> check_;
};

}  // namespace nscp::check_tasksched
