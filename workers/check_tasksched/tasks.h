// The tasks of a computer's scheduler: by the scheduler of Windows Vista and later, or by
// that before it. Each call connects and lets go; any thread. Elsewhere than on Windows
// it is kUnimplemented.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "proto/cpp/status.h"
#include "workers/check_tasksched/task.h"

namespace nscp::check_tasksched {

constexpr size_t kMaxTasks = 10000;
constexpr size_t kMaxFolders = 2000;
// Of any text of a task; a longer one is cut and ends in "...".
constexpr size_t kMaxText = 8 * 1024;

struct Asked {
  std::string computer;  // empty = this one
  std::string user;      // empty = the agent's own account
  std::string domain;
  std::string password;
  std::string folder;  // "\Microsoft\Windows"; empty = the topmost
  bool recursive = true;
  bool hidden = false;     // also tasks that are hidden
  bool force_old = false;  // by the scheduler before Vista
  // What costs another way to the scheduler for each task: application, parameters,
  // working directory, comment, creator, priority, hidden, longest time.
  bool details = true;
  std::chrono::steady_clock::time_point deadline;
  std::function<bool()> cancelled;  // may be empty
};

struct Found {
  std::vector<Task> tasks;
  size_t unreadable = 0;  // tasks and folders that gave no answer
  std::string reason;     // of the first of them
  bool cut = false;       // there are more tasks or folders than the bounds allow
};

Result<Found> ReadTasks(const Asked& asked);

}  // namespace nscp::check_tasksched
