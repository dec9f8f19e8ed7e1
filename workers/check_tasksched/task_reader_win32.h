// What both schedulers' readers share. For *_win32.cpp files alone.
#pragma once

#include <windows.h>
// It needs windows.h before it.
#include <taskschd.h>

#include "workers/check_tasksched/tasks.h"

namespace nscp::check_tasksched {

// "<doing>: <words>": the scheduler's own errors have words of their own.
Status TaskStatus(const std::string& doing, HRESULT result);
// Cancelled or over time: an error.
Status StillWanted(const Asked& asked);
// Seconds since 1970 of a time in this computer's zone; nothing for "never".
std::optional<int64_t> LocalRunTime(const SYSTEMTIME& local);
// The name as the scheduler takes it, for an error.
std::string ComputerName(const Asked& asked);
void NoteUnreadable(Found& found, const Status& why);

// Of a task of the new scheduler, what its definition says; what it does not say stays as
// it is.
void ReadDetails(IRegisteredTask& registered, Task& task);

Result<Found> ReadOldTasks(const Asked& asked);

}  // namespace nscp::check_tasksched
