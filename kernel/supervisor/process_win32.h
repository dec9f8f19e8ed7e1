// Private to process_win32.cpp and launch_win32.cpp: the raw material of a process on
// Windows. Loop only.
#pragma once

#include <windows.h>

#include <string>

#include "kernel/supervisor/process.h"
#include "proto/cpp/windows_win32.h"

namespace nscp::kernel {

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

// Creates the process in a job of its own, with nothing inherited but its three streams.
Result<Launched> LaunchProcess(const WorkerSpec& spec, const std::string& birth_line);

}  // namespace nscp::kernel
