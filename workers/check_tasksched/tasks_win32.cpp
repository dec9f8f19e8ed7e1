// The scheduler of Windows Vista and later (ITaskService).
#include "workers/check_tasksched/tasks.h"

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"
#include "workers/check_tasksched/task_reader_win32.h"
#include "workers/wmi/com_win32.h"

namespace nscp::check_tasksched {
namespace {

using wmi::Apartment;
using wmi::Bstr;
using wmi::ComPtr;
using wmi::Variant;

// The text that `read` gives, "" where it gives none.
template <class Read>
std::string TextFrom(Read read) {
  Bstr text;
  if (FAILED(read(text.Receive()))) return "";
  return CutUtf8(text.text(), kMaxText);
}

std::optional<int64_t> TimeOf(HRESULT got, DATE date) {
  SYSTEMTIME local{};
  if (FAILED(got) || got == SCHED_S_TASK_HAS_NOT_RUN ||
      !::VariantTimeToSystemTime(date, &local)) {
    return std::nullopt;
  }
  return LocalRunTime(local);
}

void ReadSettings(ITaskDefinition& definition, Task& task) {
  ComPtr<ITaskSettings> settings;
  if (FAILED(definition.get_Settings(settings.Receive()))) return;
  INT priority = 0;
  if (SUCCEEDED(settings->get_Priority(&priority))) task.priority = priority;
  VARIANT_BOOL hidden = VARIANT_FALSE;
  if (SUCCEEDED(settings->get_Hidden(&hidden))) task.hidden = hidden != VARIANT_FALSE;
  const std::string limit =
      TextFrom([&](BSTR* text) { return settings->get_ExecutionTimeLimit(text); });
  task.max_run_time = ParseXsDuration(limit).value_or(0);
}

void ReadRegistration(ITaskDefinition& definition, Task& task) {
  ComPtr<IRegistrationInfo> info;
  if (FAILED(definition.get_RegistrationInfo(info.Receive()))) return;
  task.comment = TextFrom([&](BSTR* text) { return info->get_Description(text); });
  task.creator = TextFrom([&](BSTR* text) { return info->get_Author(text); });
}

// Of several actions the first that runs a program counts.
void ReadActions(ITaskDefinition& definition, Task& task) {
  constexpr LONG kMaxActions = 32;  // as many as a task may have
  ComPtr<IActionCollection> actions;
  LONG count = 0;
  if (FAILED(definition.get_Actions(actions.Receive())) ||
      FAILED(actions->get_Count(&count))) {
    return;
  }
  for (LONG i = 1; i <= count && i <= kMaxActions; ++i) {
    ComPtr<IAction> action;
    ComPtr<IExecAction> program;
    if (FAILED(actions->get_Item(i, action.Receive())) ||
        FAILED(action->QueryInterface(IID_IExecAction, program.ReceiveAny()))) {
      continue;
    }
    task.application = TextFrom([&](BSTR* text) { return program->get_Path(text); });
    task.parameters = TextFrom([&](BSTR* text) { return program->get_Arguments(text); });
    task.working_directory =
        TextFrom([&](BSTR* text) { return program->get_WorkingDirectory(text); });
    return;
  }
}

// A task that goes away between two questions is an error.
Result<Task> ReadTask(IRegisteredTask& registered, const std::string& folder,
                      bool details) {
  Task task;
  task.folder = folder;
  Bstr name;
  HRESULT got = registered.get_Name(name.Receive());
  if (FAILED(got)) return TaskStatus("Reading the name of a task in " + folder, got);
  task.title = CutUtf8(name.text(), kMaxText);
  task.uri = folder + "\\" + task.title;
  TASK_STATE state = TASK_STATE_UNKNOWN;
  VARIANT_BOOL enabled = VARIANT_FALSE;
  LONG result = 0;
  got = registered.get_State(&state);
  if (SUCCEEDED(got)) got = registered.get_Enabled(&enabled);
  if (SUCCEEDED(got)) got = registered.get_LastTaskResult(&result);
  if (FAILED(got)) return TaskStatus("Reading the task " + task.uri, got);
  task.status = state;
  task.enabled = enabled != VARIANT_FALSE;
  task.exit_code = result;
  LONG missed = 0;
  if (SUCCEEDED(registered.get_NumberOfMissedRuns(&missed))) task.missed_runs = missed;
  DATE date = 0;
  got = registered.get_LastRunTime(&date);
  task.last_run = TimeOf(got, date);
  got = registered.get_NextRunTime(&date);
  task.next_run = TimeOf(got, date);
  if (details) ReadDetails(registered, task);
  return task;
}

// Walks the folders, the topmost first. One thread.
class Walk {
 public:
  Walk(const Asked& asked, ITaskService& service) : asked_(asked), service_(service) {}

  Result<Found> Run() {
    std::vector<std::string> waiting = {asked_.folder.empty() ? "\\" : asked_.folder};
    for (size_t done = 0; done < waiting.size(); ++done) {
      RETURN_IF_ERROR(StillWanted(asked_));
      ComPtr<ITaskFolder> folder;
      const Bstr path(waiting[done]);
      const std::string doing = "Opening the folder " + waiting[done];
      const HRESULT got = service_.GetFolder(path.get(), folder.Receive());
      Status read = FAILED(got) ? TaskStatus(doing, got) : ReadFolder(*folder.get());
      if (!read.ok()) {
        // Without the first one there is nothing; a later one may be gone or closed.
        if (done == 0 || read.code() == Code::kCancelled ||
            read.code() == Code::kDeadlineExceeded) {
          return read;
        }
        NoteUnreadable(found_, read);
        continue;
      }
      if (found_.cut) break;
      if (asked_.recursive) AddFolders(*folder.get(), waiting);
    }
    return std::move(found_);
  }

 private:
  Status ReadFolder(ITaskFolder& folder) {
    Bstr path;
    folder.get_Path(path.Receive());
    const std::string shown = path.text();
    std::string name = shown;
    while (EndsWith(name, "\\")) name.pop_back();
    ComPtr<IRegisteredTaskCollection> tasks;
    LONG count = 0;
    HRESULT got = folder.GetTasks(asked_.hidden ? TASK_ENUM_HIDDEN : 0, tasks.Receive());
    if (SUCCEEDED(got)) got = tasks->get_Count(&count);
    if (FAILED(got)) return TaskStatus("Listing the tasks of " + shown, got);
    for (LONG i = 1; i <= count; ++i) {
      RETURN_IF_ERROR(StillWanted(asked_));
      if (found_.tasks.size() >= kMaxTasks) {
        found_.cut = true;
        return Status::Ok();
      }
      ComPtr<IRegisteredTask> registered;
      const Variant index(static_cast<long>(i));
      got = tasks->get_Item(index.get(), registered.Receive());
      if (FAILED(got)) {
        NoteUnreadable(found_, TaskStatus("Opening a task of " + shown, got));
        continue;
      }
      auto task = ReadTask(*registered.get(), name, asked_.details);
      if (task.ok()) {
        found_.tasks.push_back(*std::move(task));
      } else {
        NoteUnreadable(found_, task.status());
      }
    }
    return Status::Ok();
  }

  void AddFolders(ITaskFolder& folder, std::vector<std::string>& waiting) {
    ComPtr<ITaskFolderCollection> below;
    LONG count = 0;
    HRESULT got = folder.GetFolders(0, below.Receive());
    if (SUCCEEDED(got)) got = below->get_Count(&count);
    if (FAILED(got)) return NoteUnreadable(found_, TaskStatus("Listing folders", got));
    for (LONG i = 1; i <= count; ++i) {
      if (waiting.size() >= kMaxFolders) {
        found_.cut = true;
        return;
      }
      ComPtr<ITaskFolder> child;
      Bstr path;
      const Variant index(static_cast<long>(i));
      got = below->get_Item(index.get(), child.Receive());
      if (SUCCEEDED(got)) got = child->get_Path(path.Receive());
      if (FAILED(got)) {
        NoteUnreadable(found_, TaskStatus("Opening a folder", got));
      } else {
        waiting.push_back(path.text());
      }
    }
  }

  const Asked& asked_;
  ITaskService& service_;
  Found found_;
};

}  // namespace

void ReadDetails(IRegisteredTask& registered, Task& task) {
  ComPtr<ITaskDefinition> definition;
  if (FAILED(registered.get_Definition(definition.Receive()))) return;
  ReadSettings(*definition.get(), task);
  ReadRegistration(*definition.get(), task);
  ReadActions(*definition.get(), task);
}

Result<Found> ReadTasks(const Asked& asked) {
  if (asked.force_old) return ReadOldTasks(asked);
  ASSIGN_OR_RETURN(const Apartment apartment, Apartment::Enter());
  ComPtr<ITaskService> service;
  HRESULT got = ::CoCreateInstance(CLSID_TaskScheduler, nullptr, CLSCTX_INPROC_SERVER,
                                   IID_ITaskService, service.ReceiveAny());
  if (FAILED(got)) return TaskStatus("Starting the task scheduler's interface", got);
  const Variant computer(asked.computer);
  const Variant user(asked.user);
  const Variant domain(asked.domain);
  const Variant password(asked.password);
  got = service->Connect(computer.get(), user.get(), domain.get(), password.get());
  if (FAILED(got)) {
    return TaskStatus("Connecting to the task scheduler of " + ComputerName(asked), got);
  }
  return Walk(asked, *service.get()).Run();
}

}  // namespace nscp::check_tasksched
