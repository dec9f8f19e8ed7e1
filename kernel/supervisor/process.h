// Processes as the operating system has them: started, watched, read from, ended. The
// only part of the supervisor that differs between systems: process_posix.cpp,
// process_win32.cpp.
//
// One ProcessHost belongs to one loop thread, which alone calls it and the processes it
// made, save Wake(). That thread must live as long as the processes: on Linux the
// parent-death signal is bound to it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernel/supervisor/supervisor.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

// A longer birth line is refused; the lifeline's buffer takes it without a reader.
constexpr size_t kMaxBirthLine = 32768;
// At most this much is read at once, so that a flood holds nobody up.
constexpr size_t kMaxRead = 65536;

struct ExitStatus {
  std::optional<int> code;
  std::optional<int> signal;
  std::string text;  // "exited with code 3", "killed by signal 9 (Killed)"
};

enum class Stream { kStdout = 0, kStderr = 1 };

class Process {
 public:
  // Kills what still lives of it, without waiting.
  virtual ~Process() = default;

  virtual int64_t pid() const = 0;
  // What has arrived on a stream, at most kMaxRead; empty = nothing now, or its end.
  virtual std::string Read(Stream stream) = 0;
  // Writes "descriptor <name>" with the descriptor to the lifeline, without waiting.
  virtual Status PassDescriptor(const std::string& name, int descriptor) = 0;
  // Asks the process and its group to end.
  virtual void Terminate() = 0;
  // Ends the process and its group.
  virtual void Kill() = 0;
  // Once, after its end was seen: ends the rest of its group and frees its entry in the
  // process table.
  virtual ExitStatus Reap() = 0;
};

// What Wait saw.
struct ProcessEvent {
  enum class Kind { kStdout, kStderr, kEnded };
  IncarnationId incarnation = 0;
  Kind kind = Kind::kEnded;
};

class ProcessHost {
 public:
  // `launch_program` starts every program, where the system needs one.
  static Result<std::unique_ptr<ProcessHost>> Create(const std::string& launch_program);
  virtual ~ProcessHost() = default;

  // Starts a process and writes the birth line. The host outlives the process.
  virtual Result<std::unique_ptr<Process>> Spawn(const WorkerSpec& spec,
                                                 IncarnationId incarnation,
                                                 const std::string& birth_line) = 0;
  // Waits for events of any process, for Wake() or for the time; it may come back early
  // and with nothing. An event is told again until it is read or reaped.
  virtual std::vector<ProcessEvent> Wait(std::chrono::milliseconds timeout) = 0;
  // Any thread: Wait comes back.
  virtual void Wake() = 0;
  // How long the machine has slept since some time in the past.
  virtual std::chrono::milliseconds TimeAsleep() const = 0;
  // Kills the descendants of ended workers that left their group, and reaps those that
  // fell to this process. `lives` tells the incarnations that have not ended, `known` the
  // processes that are not to be reaped here. `thorough`: a worker ended, so look at
  // every process; else only at those that ended. True when some were found: call again
  // soon.
  virtual bool SweepOrphans(bool thorough,
                            const std::function<bool(IncarnationId)>& lives,
                            const std::function<bool(int64_t)>& known) = 0;
};

}  // namespace nscp::kernel
