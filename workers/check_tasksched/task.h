// A task of the scheduler, and the words for what its numbers mean. Values; any thread.
// Sources: Microsoft's "Task Scheduler 2.0 Interfaces", "Task Scheduler Error and Success
// Constants", "Task Scheduler Schema" (durations are xs:duration).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nscp::check_tasksched {

struct Task {
  std::string folder;  // without a backslash at its end; empty for the topmost one
  std::string title;
  std::string uri;  // folder and title
  std::string application;
  std::string parameters;
  std::string working_directory;
  std::string comment;
  std::string creator;
  bool enabled = true;
  bool hidden = false;
  int64_t exit_code = 0;  // as Windows has it: an HRESULT of an error is below 0
  int64_t status = 0;     // a TASK_STATE, or an SCHED_S_TASK_... of old tasks
  int64_t priority = 0;   // 0 (highest) to 10; of old tasks a priority class
  int64_t missed_runs = 0;
  std::optional<int64_t> last_run;  // seconds since 1970; none = never
  std::optional<int64_t> next_run;
  std::optional<int64_t> last_run_age;  // seconds from there to the time of the check
  int64_t max_run_time = 0;             // seconds; 0 = without a limit
};

// "ready", "running", "disabled" and so on; a number that is neither stays one.
std::string StatusWord(int64_t status);

// "success", "is running", "has not run yet", "the file was not found (0x80070002)"; what
// has no words: "exit code 3", "0xC0000374".
std::string ExitWords(int64_t exit_code);

// "PT1H30M", "P3D" as seconds; years have 365 days and months 30. Nothing for another
// text, and for more than 100 years.
std::optional<int64_t> ParseXsDuration(std::string_view text);

// What the scheduler has for a task that never ran is a time long ago: nothing then.
std::optional<int64_t> RunTime(int64_t seconds_since_1970);

}  // namespace nscp::check_tasksched
