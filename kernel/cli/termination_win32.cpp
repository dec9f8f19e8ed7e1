#include <windows.h>

#include <atomic>
#include <memory>

#include "kernel/cli/process_event_win32.h"
#include "kernel/cli/termination.h"

namespace nscp::kernel {
namespace {

// The numbers that POSIX gives the same requests.
constexpr int kInterrupt = 2;
constexpr int kTerminate = 15;
// How long Windows gives a console program after it was told to go.
constexpr DWORD kConsoleGraceMs = 10000;

BOOL WINAPI OnConsole(DWORD event) {
  // Services alone see it, whoever logs off.
  if (event == CTRL_LOGOFF_EVENT) return TRUE;
  const bool interrupt = event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
  if (!SignalProcessEvent(interrupt ? L"int" : L"term")) return FALSE;
  // After these the process ends when the handler returns.
  if (!interrupt) Sleep(kConsoleGraceMs);
  return TRUE;
}

class WindowsTermination final : public Termination {
 public:
  WindowsTermination(HANDLE interrupt, HANDLE terminate, HANDLE asked)
      : handles_{interrupt, terminate, asked} {}
  ~WindowsTermination() override {
    SetConsoleCtrlHandler(OnConsole, FALSE);
    for (const HANDLE handle : handles_) CloseHandle(handle);
  }

  int Wait() override {
    switch (WaitForMultipleObjects(3, handles_, FALSE, INFINITE)) {
      case WAIT_OBJECT_0:
        return kInterrupt;
      case WAIT_OBJECT_0 + 1:
        return kTerminate;
      default:
        return 0;
    }
  }
  void Ask() override { SetEvent(handles_[2]); }

 private:
  HANDLE handles_[3];
};

}  // namespace

Result<std::unique_ptr<Termination>> Termination::Create() {
  const HANDLE interrupt = OpenProcessEvent(L"int");
  const HANDLE terminate = OpenProcessEvent(L"term");
  const HANDLE asked = CreateEventW(nullptr, FALSE, FALSE, nullptr);
  if (interrupt == nullptr || terminate == nullptr || asked == nullptr) {
    return Status::Unavailable("waiting for console events: error " +
                               std::to_string(GetLastError()));
  }
  SetConsoleCtrlHandler(OnConsole, TRUE);
  return std::unique_ptr<Termination>(
      std::make_unique<WindowsTermination>(interrupt, terminate, asked));
}

// What systemd's words mean to service_session_win32.cpp.
void NotifyServiceManager(std::string_view state) {
  if (state == "READY=1") SignalProcessEvent(L"ready");
}

}  // namespace nscp::kernel
