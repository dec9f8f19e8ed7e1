// Private to process_posix.cpp and its neighbours: the raw material of a process on
// Linux. Loop only.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "kernel/supervisor/process.h"
#include "proto/cpp/descriptor_posix.h"

namespace nscp::kernel {

// The kernel's ends of a process that was started.
struct Launched {
  pid_t pid = 0;
  Descriptor pidfd;
  Descriptor lifeline;  // non-blocking
  Descriptor out[2];    // stdout, stderr; non-blocking
};

// The system calls themselves: glibc 2.36 declares their wrappers for C only.
int OpenPidfd(int64_t pid);  // -1 = errno
bool SignalPidfd(int pidfd, int signal);

// "doing it: No such file or directory".
Status ErrnoStatus(const std::string& doing, int error);

// Starts nscp-launch, which becomes the worker's program. `mark` stands in the
// environment of the process and its descendants, so that those who leave its group are
// still known. The birth line is in the lifeline before the process is, which may be gone
// at once.
Result<Launched> LaunchProcess(const std::string& launch_program, const WorkerSpec& spec,
                               const std::string& mark, const std::string& birth_line);

// One message to a lifeline, without waiting, with a descriptor unless it is negative.
Status WriteLifeline(int lifeline, const std::string& line, int descriptor);

// The name in the environment, and one mark for each incarnation of each host.
constexpr char kMarkName[] = "NSCP_WORKER";
std::string MakeMark(const std::string& host, IncarnationId incarnation);

// See ProcessHost::SweepOrphans.
class Orphans {
 public:
  // `host` is the first part of its marks.
  explicit Orphans(std::string host) : host_(std::move(host)) {}

  bool Sweep(bool thorough, const std::function<bool(IncarnationId)>& lives,
             const std::function<bool(int64_t)>& known);

 private:
  struct Dying {
    int64_t pid = 0;
    Descriptor pidfd;
    int patience = 0;  // sweeps that still wait for its end
  };

  bool AwaitDying();
  bool KillOne(int64_t pid, const std::function<bool(IncarnationId)>& lives);

  const std::string host_;
  std::vector<Dying> dying_;  // killed, not ended when last looked at
};

}  // namespace nscp::kernel
