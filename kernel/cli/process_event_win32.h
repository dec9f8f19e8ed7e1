// Events that functions which Windows calls share with the rest of the process: such a
// function gets no object of ours, so it finds the event by its name. Any thread.
#pragma once

#include <windows.h>

#include <string>

namespace nscp::kernel {

inline std::wstring ProcessEventName(const wchar_t* what) {
  return L"Local\\nscp-" + std::to_wstring(GetCurrentProcessId()) + L"-" + what;
}

// The event, made where there is none, reset by whoever waits; null on error. To be
// closed.
inline HANDLE OpenProcessEvent(const wchar_t* what) {
  return CreateEventW(nullptr, FALSE, FALSE, ProcessEventName(what).c_str());
}

// False where nobody has opened it.
inline bool SignalProcessEvent(const wchar_t* what) {
  const HANDLE event =
      OpenEventW(EVENT_MODIFY_STATE, FALSE, ProcessEventName(what).c_str());
  if (event == nullptr) return false;
  SetEvent(event);
  CloseHandle(event);
  return true;
}

}  // namespace nscp::kernel
