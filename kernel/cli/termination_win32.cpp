#include <windows.h>

#include <atomic>
#include <memory>

#include "kernel/cli/termination.h"

namespace nscp::kernel {
namespace {

// The numbers that POSIX gives the same requests.
constexpr int kInterrupt = 2;
constexpr int kTerminate = 15;
// How long Windows gives a console program after it was told to go.
constexpr DWORD kConsoleGraceMs = 10000;

// The handler of console events is a plain function, so what it sets is at a fixed place:
// events that Windows owns, by name of this process.
std::wstring EventName(const wchar_t* what) {
  return L"Local\\nscp-" + std::to_wstring(GetCurrentProcessId()) + L"-" + what;
}

BOOL WINAPI OnConsole(DWORD event) {
  const bool interrupt = event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
  const HANDLE handle = OpenEventW(EVENT_MODIFY_STATE, FALSE,
                                   EventName(interrupt ? L"int" : L"term").c_str());
  if (handle == nullptr) return FALSE;
  SetEvent(handle);
  CloseHandle(handle);
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
  const HANDLE interrupt = CreateEventW(nullptr, FALSE, FALSE, EventName(L"int").c_str());
  const HANDLE terminate =
      CreateEventW(nullptr, FALSE, FALSE, EventName(L"term").c_str());
  const HANDLE asked = CreateEventW(nullptr, FALSE, FALSE, nullptr);
  if (interrupt == nullptr || terminate == nullptr || asked == nullptr) {
    return Status::Unavailable("waiting for console events: error " +
                               std::to_string(GetLastError()));
  }
  SetConsoleCtrlHandler(OnConsole, TRUE);
  return std::unique_ptr<Termination>(
      std::make_unique<WindowsTermination>(interrupt, terminate, asked));
}

void NotifyServiceManager(std::string_view) {}  // systemd's alone

}  // namespace nscp::kernel
