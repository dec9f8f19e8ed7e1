// A program that does one thing for the kernel and ends, such as nscp-fetch: started like
// a worker (a group of its own, no stray descriptor, a few names of the environment),
// told what to do in one line of standard input, and killed when its time is up.
//
// Blocks until it has ended. Any thread, several at once; the thread must not end before
// it, for the process ends with the thread that started it.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "kernel/supervisor/supervisor.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

// Of each of its two outputs; what is more is read and dropped.
constexpr size_t kMaxProgramOutput = 64 * 1024;
// How soon a run notices that it is cancelled.
constexpr std::chrono::milliseconds kCancelPause{100};
// After the kill.
constexpr std::chrono::milliseconds kProgramFarewell{2000};

struct ProgramRun {
  std::string launch_program;  // nscp-launch, where the system needs it
  std::string program;         // absolute path
  std::vector<std::string> arguments;
  std::string line;  // at most kMaxBirthLine bytes of process.h, without its end
  std::chrono::milliseconds limit{30000};
  Limits limits;
  std::function<bool()> cancelled;  // asked again and again; may be empty
};
struct ProgramEnd {
  // Nothing where a signal ended it, or where the system does not tell.
  std::optional<int> code;
  std::string how;  // "exited with code 1"
  std::string out;
  std::string err;
};

// DeadlineExceeded or Cancelled where it was killed; Unavailable where it can't be
// started.
Result<ProgramEnd> RunProgram(const ProgramRun& run);

}  // namespace nscp::kernel
