// The module CheckTaskSched: the tasks of Windows' scheduler (modules.md G). Its facts
// (names, titles, settings) stand in CheckTaskSched.json.in.
#pragma once

#include <functional>
#include <memory>

#include "workers/check_tasksched/tasks.h"
#include "workers/sdk/module.h"

namespace nscp::check_tasksched {

// Where tasks come from; tests put lists in the scheduler's place.
using Source = std::function<Result<Found>(const Asked&)>;

std::unique_ptr<sdk::Module> MakeCheckTaskSched(Source source = ReadTasks);

}  // namespace nscp::check_tasksched
