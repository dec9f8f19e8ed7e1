// Calls of the real scheduler; a task is made for them and taken away again.
#include <doctest/doctest.h>

#include <algorithm>

#include "workers/check_tasksched/task_reader_win32.h"
#include "workers/wmi/com_win32.h"

namespace nscp::check_tasksched {
namespace {

constexpr char kTask[] =
    R"(<?xml version="1.0"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Author>somebody</Author><Description>for a test</Description>
  </RegistrationInfo>
  <Settings><Enabled>true</Enabled><ExecutionTimeLimit>PT2H</ExecutionTimeLimit>
  </Settings>
  <Actions><Exec><Command>cmd.exe</Command><Arguments>/c exit 3</Arguments></Exec></Actions>
</Task>)";

Asked InTime() {
  Asked asked;
  asked.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  return asked;
}

// A folder of this test's own with a task in it.
class Scheduled {
 public:
  Scheduled() {
    const wmi::Variant none;
    REQUIRE(
        SUCCEEDED(::CoCreateInstance(CLSID_TaskScheduler, nullptr, CLSCTX_INPROC_SERVER,
                                     IID_ITaskService, service_.ReceiveAny())));
    REQUIRE(SUCCEEDED(service_->Connect(none.get(), none.get(), none.get(), none.get())));
    const wmi::Bstr top("\\");
    REQUIRE(SUCCEEDED(service_->GetFolder(top.get(), top_.Receive())));
    Remove();
    const wmi::Bstr path(kPath);
    const wmi::Bstr xml(kTask);
    wmi::ComPtr<IRegisteredTask> task;
    const HRESULT made =
        top_->RegisterTask(path.get(), xml.get(), TASK_CREATE_OR_UPDATE, none.get(),
                           none.get(), TASK_LOGON_NONE, none.get(), task.Receive());
    CAPTURE(made);
    REQUIRE(SUCCEEDED(made));
  }
  ~Scheduled() { Remove(); }

  wmi::ComPtr<IRegisteredTask> Registered() const {
    const wmi::Bstr path(kPath);
    wmi::ComPtr<IRegisteredTask> task;
    REQUIRE(SUCCEEDED(top_->GetTask(path.get(), task.Receive())));
    return task;
  }

  static constexpr char kPath[] = "\\nscp test\\one";
  static constexpr char kFolder[] = "\\nscp test";

 private:
  void Remove() {
    const wmi::Bstr path(kPath);
    const wmi::Bstr folder(kFolder);
    top_->DeleteTask(path.get(), 0);
    top_->DeleteFolder(folder.get(), 0);
  }
  wmi::ComPtr<ITaskService> service_;
  wmi::ComPtr<ITaskFolder> top_;
};

TEST_CASE("the definition of a task is read") {
  const auto apartment = wmi::Apartment::Enter();
  REQUIRE(apartment.ok());
  const Scheduled scheduled;
  const auto registered = scheduled.Registered();
  Task task;
  ReadDetails(*registered.get(), task);
  CHECK(task.max_run_time == 7200);
  CHECK(task.comment == "for a test");
  CHECK(task.creator == "somebody");
  // Of the actions wine does not tell.
  if (!task.application.empty()) {
    CHECK(task.application == "cmd.exe");
    CHECK(task.parameters == "/c exit 3");
  }
}

// wine knows folders and definitions, but gives no lists of tasks.
TEST_CASE("folders are walked, or the answer says that tasks can't be listed") {
  const auto apartment = wmi::Apartment::Enter();
  REQUIRE(apartment.ok());
  const Scheduled scheduled;
  for (const bool recursive : {true, false}) {
    Asked asked = InTime();
    asked.recursive = recursive;
    const auto found = ReadTasks(asked);
    if (!found.ok()) {
      CHECK(found.status().code() == Code::kUnimplemented);
      continue;
    }
    const bool has_task =
        std::any_of(found->tasks.begin(), found->tasks.end(),
                    [](const Task& task) { return task.uri == Scheduled::kPath; });
    CHECK(has_task == recursive);
  }
}

TEST_CASE("what can't be asked is an error that says so") {
  Asked asked = InTime();
  asked.folder = "\\nscp nosuch";
  const auto found = ReadTasks(asked);
  REQUIRE_FALSE(found.ok());
  CHECK(found.status().message().find("nscp nosuch") != std::string::npos);
  asked = InTime();
  asked.deadline = std::chrono::steady_clock::now();
  CHECK(ReadTasks(asked).status().code() == Code::kDeadlineExceeded);
  asked = InTime();
  asked.force_old = true;
  asked.folder = "\\x";
  CHECK(ReadTasks(asked).status().code() == Code::kInvalidArgument);
  asked.folder.clear();
  asked.password = "p";
  CHECK(ReadTasks(asked).status().code() == Code::kInvalidArgument);
}

TEST_CASE("the old scheduler answers, or says why not") {
  Asked asked = InTime();
  asked.force_old = true;
  const auto found = ReadTasks(asked);
  if (!found.ok()) CHECK(found.status().message().find("old") != std::string::npos);
}

}  // namespace
}  // namespace nscp::check_tasksched
