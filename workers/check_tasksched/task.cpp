#include "workers/check_tasksched/task.h"

#include <cstdio>

namespace nscp::check_tasksched {
namespace {

constexpr int64_t kMinute = 60;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;
constexpr int64_t kLongest = 100 * 365 * kDay;
// 2000-01-01. Windows gives 1899-12-30 or 1999-11-30 for "never".
constexpr int64_t kEarliestRun = 946684800;

struct Words {
  int64_t number;
  const char* words;
};

// TASK_STATE, then what old tasks (ITask::GetStatus) have.
constexpr Words kStatus[] = {
    {0, "unknown"},
    {1, "disabled"},
    {2, "queued"},
    {3, "ready"},
    {4, "running"},
    {0x41300, "ready"},
    {0x41301, "running"},
    {0x41302, "disabled"},
    {0x41303, "has_not_run"},
    {0x41304, "no_more_runs"},
    {0x41305, "not_scheduled"},
    {0x41306, "terminated"},
    {0x41307, "no_valid_triggers"},
    {0x41308, "event_trigger"},
};

constexpr Words kExit[] = {
    {0, "success"},
    {0x41300, "is ready for its next run"},
    {0x41301, "is running"},
    {0x41302, "is disabled"},
    {0x41303, "has not run yet"},
    {0x41304, "has no more runs"},
    {0x41305, "is not scheduled: properties are missing"},
    {0x41306, "the last run was ended by a user"},
    {0x41307, "has no triggers, or they are disabled or not set"},
    {0x41308, "has triggers without set times"},
    {0x4131B, "is registered, but not all of its triggers will start it"},
    {0x4131C, "is registered, but may fail to start"},
    {0x41325, "was asked to run: the service has queued it"},
};

// By their unsigned numbers.
constexpr Words kErrors[] = {
    {0x80041309, "the trigger was not found"},
    {0x8004130A, "a property that it needs to run is not set"},
    {0x8004130B, "there is no running instance"},
    {0x8004130C, "the task scheduler service is not installed"},
    {0x8004130D, "the task could not be opened"},
    {0x8004130E, "the object is no valid task"},
    {0x8004130F, "there is no account information for the task"},
    {0x80041310, "the account of the task does not exist"},
    {0x80041311, "the database of accounts is corrupt"},
    {0x80041312, "security services are not available"},
    {0x80041313, "the version of the task is not known"},
    {0x80041314, "the account options of the task are not supported"},
    {0x80041315, "the task scheduler service is not running"},
    {0x80041316, "the XML of the task has a node that is not expected"},
    {0x80041317, "the XML of the task has an element of another namespace"},
    {0x80041318, "the XML of the task has a value that is not valid"},
    {0x80041319, "the XML of the task lacks an element"},
    {0x8004131A, "the XML of the task is malformed"},
    {0x8004131D, "the XML of the task has too many nodes"},
    {0x8004131E, "the task can't start behind its end"},
    {0x8004131F, "an instance is running already"},
    {0x80041320, "the user is not logged on"},
    {0x80041321, "the image is corrupt or was changed"},
    {0x80041322, "the task scheduler service is not available"},
    {0x80041323, "the task scheduler service is too busy"},
    {0x80041324, "the task ended with an error"},
    {0x80041326, "the task is disabled"},
    {0x80041327, "the task is of a version of Windows that can't do that"},
    {0x80041328, "the task can't be started on demand"},
    {0x80070001, "the function is not valid"},
    {0x80070002, "the file was not found"},
    {0x80070003, "the folder was not found"},
    {0x80070005, "access is denied"},
    {0x8007000D, "the data is not valid"},
    {0x8007000E, "memory ran out"},
    {0x80070020, "the file is in use"},
    {0x800700C1, "the file is no program for this Windows"},
    {0x8007010B, "the working directory is not valid"},
    {0x80070420, "an instance of the service is running already"},
    {0x8007042B, "the process ended unexpectedly"},
    {0x80070490, "the element was not found"},
    {0x8007052E, "user name or password is wrong"},
    {0x80070569, "the account has no right to log on as a batch job"},
    {0x800704C7, "was cancelled by a user"},
    {0x800704DD, "the user is not logged on"},
    {0x800710E0, "was refused by the operator or an administrator"},
    {0xC0000005, "crashed: access violation"},
    {0xC000013A, "was ended by Ctrl+C"},
    {0xC0000142, "a DLL could not be initialised"},
    {0xC0000374, "crashed: the heap is corrupt"},
    {0xC0000409, "crashed: the stack is corrupt"},
    {0xC00000FD, "crashed: stack overflow"},
};

const char* Find(const Words* begin, const Words* end, int64_t number) {
  for (const Words* row = begin; row != end; ++row) {
    if (row->number == number) return row->words;
  }
  return nullptr;
}

std::string Hex(int64_t number) {
  char text[16];
  snprintf(text, sizeof(text), "0x%08lX",
           static_cast<unsigned long>(static_cast<uint32_t>(number)));
  return text;
}

// Seconds of one part of a duration, such as "3D"; 0 = none has this letter there.
int64_t SecondsOf(char letter, bool is_time) {
  switch (letter) {
    case 'Y':
      return is_time ? 0 : 365 * kDay;
    case 'M':
      return is_time ? kMinute : 30 * kDay;
    case 'D':
      return is_time ? 0 : kDay;
    case 'H':
      return is_time ? kHour : 0;
    case 'S':
      return is_time ? 1 : 0;
    default:
      return 0;
  }
}

}  // namespace

std::string StatusWord(int64_t status) {
  const char* words = Find(std::begin(kStatus), std::end(kStatus), status);
  return words != nullptr ? words : std::to_string(status);
}

std::string ExitWords(int64_t exit_code) {
  if (const char* words = Find(std::begin(kExit), std::end(kExit), exit_code)) {
    return words;
  }
  const std::string hex = Hex(exit_code);
  if (const char* words = Find(std::begin(kErrors), std::end(kErrors),
                               static_cast<uint32_t>(exit_code))) {
    return std::string(words) + " (" + hex + ")";
  }
  constexpr int64_t kLargestPlain = 0xFFFF;
  if (exit_code < 0 || exit_code > kLargestPlain) return hex;
  return "exit code " + std::to_string(exit_code);
}

std::optional<int64_t> ParseXsDuration(std::string_view text) {
  if (text.size() < 3 || text[0] != 'P') return std::nullopt;
  bool is_time = false;
  bool has_part = false;
  int64_t number = -1;  // none yet
  int64_t total = 0;
  for (const char c : text.substr(1)) {
    if (c >= '0' && c <= '9') {
      number = (number < 0 ? 0 : number * 10) + (c - '0');
      if (number > kLongest) return std::nullopt;
    } else if (c == 'T' && !is_time && number < 0) {
      is_time = true;
    } else {
      const int64_t unit = SecondsOf(c, is_time);
      if (unit == 0 || number < 0 || number > kLongest / unit) return std::nullopt;
      total += number * unit;
      number = -1;
      has_part = true;
    }
  }
  if (number >= 0 || !has_part || total > kLongest) return std::nullopt;
  return total;
}

std::optional<int64_t> RunTime(int64_t seconds_since_1970) {
  if (seconds_since_1970 < kEarliestRun) return std::nullopt;
  return seconds_since_1970;
}

}  // namespace nscp::check_tasksched
