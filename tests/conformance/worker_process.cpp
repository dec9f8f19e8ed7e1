#include "tests/conformance/worker_process.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace nscp::conformance {
namespace {

constexpr char kMark[] = "conformance";
constexpr std::chrono::milliseconds kReadPause{20};

}  // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::Spawn(
    const Plan& plan, const std::string& birth_line) {
  kernel::WorkerSpec spec;
  spec.slot = spec.module = plan.manifest.name();
  spec.program = plan.program;
  spec.arguments = {plan.manifest.arguments().begin(), plan.manifest.arguments().end()};
  spec.limits.data_bytes = plan.manifest.limits().data_bytes();
  spec.limits.open_files = plan.manifest.limits().open_files();
  ASSIGN_OR_RETURN(kernel::Launched launched,
                   kernel::LaunchProcess(NSCP_LAUNCH_PROGRAM, spec, kMark, birth_line));
  return std::unique_ptr<WorkerProcess>(new WorkerProcess(std::move(launched)));
}

WorkerProcess::WorkerProcess(kernel::Launched launched)
    : launched_(std::move(launched)), reader_([this] { ReadOutput(); }) {}

WorkerProcess::~WorkerProcess() {
  if (end_.empty()) {
    kernel::SignalPidfd(launched_.pidfd.get(), SIGKILL);
    ::kill(-launched_.pid, SIGKILL);
    siginfo_t info{};
    ::waitid(P_PIDFD, static_cast<id_t>(launched_.pidfd.get()), &info, WEXITED);
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closing_ = true;
  }
  ended_.notify_all();
  reader_.join();
}

Status WorkerProcess::WriteLine(const std::string& line, int descriptor) {
  return kernel::WriteLifeline(launched_.lifeline.get(), line + "\n", descriptor);
}

bool WorkerProcess::WaitForEnd(std::chrono::milliseconds limit) {
  if (!end_.empty()) return true;
  pollfd waiting = {launched_.pidfd.get(), POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(limit.count())) <= 0) return false;
  // What it left behind in its group goes first, while the number is still its own.
  ::kill(-launched_.pid, SIGKILL);
  siginfo_t info{};
  ::waitid(P_PIDFD, static_cast<id_t>(launched_.pidfd.get()), &info, WEXITED);
  const bool exited = info.si_code == CLD_EXITED;
  if (exited) exit_code_ = info.si_status;
  end_ = (exited ? "exited with code " : "killed by signal ") +
         std::to_string(info.si_status);
  return true;
}

std::string WorkerProcess::Output() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return output_;
}

// As the kernel does: a worker must not stall because nobody reads what it prints.
void WorkerProcess::ReadOutput() {
  for (;;) {
    bool quiet = true;
    for (const Descriptor& pipe : launched_.out) {
      char bytes[4096];
      const ssize_t got = ::read(pipe.get(), bytes, sizeof bytes);
      if (got <= 0) continue;
      quiet = false;
      const std::lock_guard<std::mutex> lock(mutex_);
      output_.append(bytes, static_cast<size_t>(got));
      if (output_.size() > kKeptOutput) output_.erase(0, output_.size() - kKeptOutput);
    }
    std::unique_lock<std::mutex> lock(mutex_);
    if (quiet) ended_.wait_for(lock, kReadPause, [this] { return closing_; });
    if (closing_) return;
  }
}

}  // namespace nscp::conformance
