#include "workers/check_tasksched/task_reader_win32.h"

#include "proto/cpp/text.h"
#include "workers/wmi/com_win32.h"

namespace nscp::check_tasksched {
namespace {

constexpr uint32_t kFirstError = 0x80041309;
constexpr uint32_t kLastError = 0x80041330;
constexpr int64_t kTicksPerSecond = 10000000;     // of a FILETIME
constexpr int64_t kTicksUntil1970 = 11644473600;  // in seconds

}  // namespace

Status TaskStatus(const std::string& doing, HRESULT result) {
  const auto error = static_cast<uint32_t>(result);
  if (error < kFirstError || error > kLastError) return wmi::ComStatus(doing, result);
  return Status::Unavailable(doing + ": " + ExitWords(result));
}

Status StillWanted(const Asked& asked) {
  if (asked.cancelled && asked.cancelled()) {
    return Status::Cancelled("nobody waits for the answer any more");
  }
  if (std::chrono::steady_clock::now() >= asked.deadline) {
    return Status::DeadlineExceeded(
        "the task scheduler did not answer in time: look at one folder, or allow more "
        "time");
  }
  return Status::Ok();
}

std::optional<int64_t> LocalRunTime(const SYSTEMTIME& local) {
  SYSTEMTIME utc{};
  FILETIME file{};
  if (!::TzSpecificLocalTimeToSystemTime(nullptr, &local, &utc) ||
      !::SystemTimeToFileTime(&utc, &file)) {
    return std::nullopt;
  }
  const auto ticks = static_cast<int64_t>(
      (static_cast<uint64_t>(file.dwHighDateTime) << 32) | file.dwLowDateTime);
  return RunTime(ticks / kTicksPerSecond - kTicksUntil1970);
}

std::string ComputerName(const Asked& asked) {
  return asked.computer.empty() ? "this computer" : asked.computer;
}

void NoteUnreadable(Found& found, const Status& why) {
  if (found.unreadable++ == 0) found.reason = why.message();
}

}  // namespace nscp::check_tasksched
