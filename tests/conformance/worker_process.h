// One process of the worker under test, started as the kernel starts it: by nscp-launch,
// with the lifeline, the environment and the descriptors that it gives. Used by one
// thread, the one that made it, which outlives it: the parent-death signal is bound to
// that thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "kernel/supervisor/process_posix.h"
#include "tests/conformance/plan.h"

namespace nscp::conformance {

class WorkerProcess {
 public:
  static constexpr size_t kKeptOutput = 4096;  // bytes, the last ones

  static Result<std::unique_ptr<WorkerProcess>> Spawn(const Plan& plan,
                                                      const std::string& birth_line);
  ~WorkerProcess();  // kills what still lives
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // A further line on the lifeline, with a descriptor unless it is negative. Any thread.
  Status WriteLine(const std::string& line, int descriptor);
  void CloseLifeline() { launched_.lifeline.Close(); }
  bool Lives() { return !WaitForEnd(std::chrono::milliseconds(0)); }
  // True when the process has ended; false when it still runs after `limit`.
  bool WaitForEnd(std::chrono::milliseconds limit);
  // After its end: "exited with code 3", "killed by signal 9".
  const std::string& end() const { return end_; }
  bool ExitedWith(int code) const { return exit_code_ == code; }
  // The last that it wrote to stdout and stderr.
  std::string Output();

 private:
  explicit WorkerProcess(kernel::Launched launched);
  void ReadOutput();

  kernel::Launched launched_;
  std::string end_;
  int exit_code_ = -1;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::string output_;
  bool closing_ = false;
  std::thread reader_;
};

}  // namespace nscp::conformance
