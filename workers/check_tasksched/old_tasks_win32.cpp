// The scheduler before Windows Vista (ITaskScheduler), which later ones still carry for
// tasks that old programs make. It has one folder and no accounts to ask with.
#include <windows.h>
// It needs windows.h before it.
#include <mstask.h>

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"
#include "proto/cpp/windows_win32.h"
#include "workers/check_tasksched/task_reader_win32.h"
#include "workers/wmi/com_win32.h"

namespace nscp::check_tasksched {
namespace {

using wmi::Apartment;
using wmi::ComPtr;

constexpr ULONG kBatch = 16;
constexpr int64_t kMillisecondsPerSecond = 1000;

// The text that `read` gives, "" where it gives none; it is COM's to free.
template <class Read>
std::string OldText(Read read) {
  LPWSTR text = nullptr;
  if (FAILED(read(&text)) || text == nullptr) return "";
  std::string copy = CutUtf8(Utf8(text), kMaxText);
  ::CoTaskMemFree(text);
  return copy;
}

std::optional<int64_t> OldTime(HRESULT got, const SYSTEMTIME& local) {
  if (got != S_OK) return std::nullopt;  // others say why there is none
  return LocalRunTime(local);
}

void ReadOldDetails(ITask& old, Task& task) {
  task.application = OldText([&](LPWSTR* t) { return old.GetApplicationName(t); });
  task.parameters = OldText([&](LPWSTR* t) { return old.GetParameters(t); });
  task.working_directory = OldText([&](LPWSTR* t) { return old.GetWorkingDirectory(t); });
  task.comment = OldText([&](LPWSTR* t) { return old.GetComment(t); });
  task.creator = OldText([&](LPWSTR* t) { return old.GetCreator(t); });
  DWORD number = 0;
  if (SUCCEEDED(old.GetPriority(&number))) task.priority = number;
  number = INFINITE;
  if (SUCCEEDED(old.GetMaxRunTime(&number)) && number != INFINITE) {
    task.max_run_time = number / kMillisecondsPerSecond;
  }
}

Task ReadOldTask(ITask& old, const std::string& name) {
  constexpr std::string_view kEnding = ".job";
  Task task;
  task.title = name;
  if (EndsWith(ToLowerAscii(task.title), kEnding)) {
    task.title.resize(task.title.size() - kEnding.size());
  }
  task.uri = "\\" + task.title;
  HRESULT status = SCHED_S_TASK_NOT_SCHEDULED;
  old.GetStatus(&status);
  task.status = status;
  DWORD code = 0;
  // Succeeds in its own way for a task that has not run.
  const HRESULT got = old.GetExitCode(&code);
  task.exit_code = got == SCHED_S_TASK_HAS_NOT_RUN ? got : static_cast<int32_t>(code);
  DWORD flags = 0;
  if (SUCCEEDED(old.GetFlags(&flags))) {
    task.enabled = (flags & TASK_FLAG_DISABLED) == 0;
    task.hidden = (flags & TASK_FLAG_HIDDEN) != 0;
  }
  SYSTEMTIME time{};
  task.last_run = OldTime(old.GetMostRecentRunTime(&time), time);
  task.next_run = OldTime(old.GetNextRunTime(&time), time);
  ReadOldDetails(old, task);
  return task;
}

void AddOldTask(ITaskScheduler& scheduler, LPWSTR name, bool hidden, Found& found) {
  const std::string title = Utf8(name);
  ComPtr<ITask> old;
  IUnknown** place = reinterpret_cast<IUnknown**>(old.Receive());
  const HRESULT got = scheduler.Activate(name, IID_ITask, place);
  if (FAILED(got)) {
    return NoteUnreadable(found, TaskStatus("Opening the task " + title, got));
  }
  Task task = ReadOldTask(*old.get(), title);
  if (hidden || !task.hidden) found.tasks.push_back(std::move(task));
}

Status CanAsk(const Asked& asked) {
  if (!asked.user.empty() || !asked.domain.empty() || !asked.password.empty()) {
    return Status::InvalidArgument(
        "the old scheduler (force-old) asks with the agent's account alone: leave user, "
        "domain and password out");
  }
  if (!Trim(asked.folder).empty() && asked.folder != "\\" && asked.folder != "/") {
    return Status::InvalidArgument(
        "the old scheduler (force-old) has no folders: leave folder out");
  }
  return Status::Ok();
}

}  // namespace

Result<Found> ReadOldTasks(const Asked& asked) {
  RETURN_IF_ERROR(CanAsk(asked));
  ASSIGN_OR_RETURN(const Apartment apartment, Apartment::Enter());
  ComPtr<ITaskScheduler> scheduler;
  HRESULT got = ::CoCreateInstance(CLSID_CTaskScheduler, nullptr, CLSCTX_INPROC_SERVER,
                                   IID_ITaskScheduler, scheduler.ReceiveAny());
  if (FAILED(got)) {
    return TaskStatus("Starting the old scheduler's interface (force-old)", got);
  }
  if (!asked.computer.empty()) {
    const std::wstring name = Wide("\\\\" + asked.computer);
    got = scheduler->SetTargetComputer(name.c_str());
    if (FAILED(got)) {
      return TaskStatus("Connecting to the task scheduler of " + ComputerName(asked),
                        got);
    }
  }
  ComPtr<IEnumWorkItems> names;
  got = scheduler->Enum(names.Receive());
  if (FAILED(got)) return TaskStatus("Listing the tasks", got);
  Found found;
  while (true) {
    RETURN_IF_ERROR(StillWanted(asked));
    LPWSTR* batch = nullptr;
    ULONG count = 0;
    got = names->Next(kBatch, &batch, &count);
    if (FAILED(got)) return TaskStatus("Listing the tasks", got);
    for (ULONG i = 0; i < count; ++i) {
      found.cut = found.cut || found.tasks.size() >= kMaxTasks;
      if (!found.cut) AddOldTask(*scheduler.get(), batch[i], asked.hidden, found);
      ::CoTaskMemFree(batch[i]);
    }
    ::CoTaskMemFree(batch);
    if (count == 0 || found.cut) return found;
  }
}

}  // namespace nscp::check_tasksched
