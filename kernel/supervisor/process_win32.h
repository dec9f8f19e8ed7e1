// Private to process_win32.cpp and launch_win32.cpp: the raw material of a process on
// Windows. Loop only.
#pragma once

#include <windows.h>

#include <string>
#include <utility>

#include "kernel/supervisor/process.h"

namespace nscp::kernel {

// A handle and its end.
class Handle {
 public:
  Handle() = default;
  explicit Handle(HANDLE handle) : handle_(handle) {}
  Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Handle() { Close(); }

  HANDLE get() const { return handle_; }
  bool open() const { return handle_ != nullptr && handle_ != INVALID_HANDLE_VALUE; }
  void Close() {
    if (open()) CloseHandle(handle_);
    handle_ = nullptr;
  }

 private:
  HANDLE handle_ = nullptr;
};

// The kernel's ends of a process that was started. It is suspended and in its job
// already.
struct Launched {
  DWORD pid = 0;
  Handle process;
  Handle thread;
  Handle job;       // its end is the end of all in it
  Handle lifeline;  // the birth line is in it
  Handle out[2];    // stdout, stderr; overlapped
};

// "doing it: The system cannot find the file specified."
Status WindowsStatus(const std::string& doing, DWORD error);

// Creates the process in a job of its own, with nothing inherited but its three streams.
Result<Launched> LaunchProcess(const WorkerSpec& spec, const std::string& birth_line);

}  // namespace nscp::kernel
