#include <windows.h>

#include <atomic>
#include <thread>

#include "kernel/cli/process_event_win32.h"
#include "kernel/cli/service_session.h"
#include "proto/cpp/windows_win32.h"

namespace nscp::kernel {
namespace {

// How long each step of the start and the end may take before the service manager takes
// the service for hung.
constexpr DWORD kStepMs = 60000;

// How the process tells ServiceMain, which Windows calls: the end, by its ServiceFailure
// with 0 for a good one, and that it is ready.
constexpr const wchar_t* kEventNames[] = {L"ended", L"failed-1", L"failed-2", L"failed-3",
                                          L"ready"};
constexpr DWORD kEvents = 5;
constexpr DWORD kReady = kEvents - 1;

// What the service manager is told. Windows makes the calls that report on threads of
// their own, one after another but for a stop.
class Report {
 public:
  void Attach(SERVICE_STATUS_HANDLE handle) { handle_ = handle; }
  void Tell(DWORD state, DWORD failure = NO_ERROR) {
    const bool runs = state == SERVICE_RUNNING;
    const bool ends = state == SERVICE_STOPPED;
    SERVICE_STATUS status{};
    status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
    status.dwCurrentState = state;
    status.dwControlsAccepted =
        runs ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PRESHUTDOWN : 0;
    status.dwWin32ExitCode =
        failure == NO_ERROR ? NO_ERROR : ERROR_SERVICE_SPECIFIC_ERROR;
    status.dwServiceSpecificExitCode = failure;
    status.dwCheckPoint = runs || ends ? 0 : ++step_;
    status.dwWaitHint = runs || ends ? 0 : kStepMs;
    SetServiceStatus(handle_, &status);
  }

 private:
  SERVICE_STATUS_HANDLE handle_ = nullptr;
  std::atomic<DWORD> step_{0};
};

DWORD WINAPI OnControl(DWORD control, DWORD, void*, void* context) {
  auto* report = static_cast<Report*>(context);
  switch (control) {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_PRESHUTDOWN:
      report->Tell(SERVICE_STOP_PENDING);
      SignalProcessEvent(L"term");
      return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE:
      return NO_ERROR;
    default:
      return ERROR_CALL_NOT_IMPLEMENTED;
  }
}

// Windows runs it on a thread of its own; the service has stopped when it tells so.
void WINAPI ServiceMain(DWORD count, wchar_t** words) {
  Report report;
  wchar_t nameless[] = L"";
  const SERVICE_STATUS_HANDLE handle =
      RegisterServiceCtrlHandlerExW(count > 0 ? words[0] : nameless, OnControl, &report);
  if (handle == nullptr) return;
  report.Attach(handle);
  report.Tell(SERVICE_START_PENDING);
  HANDLE events[kEvents];
  for (DWORD i = 0; i < kEvents; ++i) events[i] = OpenProcessEvent(kEventNames[i]);
  DWORD seen = WaitForMultipleObjects(kEvents, events, FALSE, INFINITE);
  if (seen == WAIT_OBJECT_0 + kReady) {
    report.Tell(SERVICE_RUNNING);
    seen = WaitForMultipleObjects(kReady, events, FALSE, INFINITE);
  }
  for (const HANDLE event : events) CloseHandle(event);
  report.Tell(SERVICE_STOPPED, seen - WAIT_OBJECT_0);
}

class WindowsSession final : public ServiceSession {
 public:
  // The events exist before anybody sets them.
  explicit WindowsSession(const std::string& name) : name_(Wide(name)) {
    for (const wchar_t* event : kEventNames) {
      events_.emplace_back(OpenProcessEvent(event));
    }
    dispatcher_ = std::thread([this] { Dispatch(); });
  }

  ~WindowsSession() override {
    SignalProcessEvent(kEventNames[static_cast<DWORD>(failure_)]);
    dispatcher_.join();
  }
  void SetFailed(ServiceFailure failure) override { failure_ = failure; }
  bool Detached() const override { return true; }

 private:
  // Returns when the service has stopped, or at once without a service manager. The name
  // is not looked at for a service with a process of its own.
  void Dispatch() {
    SERVICE_TABLE_ENTRYW table[] = {{name_.data(), ServiceMain}, {nullptr, nullptr}};
    StartServiceCtrlDispatcherW(table);
  }

  std::vector<Handle> events_;
  std::wstring name_;
  ServiceFailure failure_{0};
  std::thread dispatcher_;
};

}  // namespace

Result<std::unique_ptr<ServiceSession>> ServiceSession::Begin(const std::string& name) {
  return std::unique_ptr<ServiceSession>(std::make_unique<WindowsSession>(name));
}

}  // namespace nscp::kernel
