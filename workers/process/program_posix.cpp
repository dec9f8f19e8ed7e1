#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>

#include "proto/cpp/descriptor_posix.h"
#include "proto/cpp/text.h"
#include "workers/process/program.h"

extern char** environ;

namespace nscp::process {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr size_t kReadSize = 65536;
constexpr int kReadsAtOnce = 16;
// What the agent marks its workers with: whoever carries it ends with the worker.
constexpr std::string_view kWorkerMark = "NSCP_WORKER=";

std::vector<std::string> Words(const Program& program) {
  if (!program.words.empty()) return program.words;
  return {"sh", "-c", program.line};
}

// What a child gets in place of what this process has.
class Actions {
 public:
  Actions() {
    posix_spawn_file_actions_init(&files_);
    posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  ~Actions() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  void WriteTo(int fd) {
    posix_spawn_file_actions_adddup2(&files_, fd, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files_, fd, STDERR_FILENO);
  }

  // 0 or an errno. `flags` say whether it leads a group or a session.
  int Spawn(const Program& program, char* const* environment, short flags, pid_t& pid) {
    if (!program.folder.empty()) {
      posix_spawn_file_actions_addchdir_np(&files_, program.folder.c_str());
    }
    posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
    posix_spawnattr_setflags(
        &attributes_,
        static_cast<short>(flags | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
    std::vector<char*> argv;
    const std::vector<std::string> words = Words(program);
    for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    return posix_spawnp(&pid, argv[0], &files_, &attributes_, argv.data(), environment);
  }

 private:
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

std::string NameOf(const Program& program) {
  return program.words.empty() ? program.line : program.words.front();
}

Status CannotStart(const Program& program, int error) {
  const std::string text = "Starting " + NameOf(program) + ": " + std::strerror(error);
  if (error == ENOENT) return Status::NotFound(text);
  if (error == EACCES) return Status::PermissionDenied(text);
  return Status::Unavailable(text);
}

// A child with its output on a pipe, until it is reaped.
class Child {
 public:
  static Result<Child> Start(const Program& program) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return CannotStart(program, errno);
    Child child(ends[0]);
    const Descriptor writer(ends[1]);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    Actions actions;
    actions.WriteTo(writer.get());
    if (const int error =
            actions.Spawn(program, environ, POSIX_SPAWN_SETPGROUP, child.pid_)) {
      return CannotStart(program, error);
    }
    // The C library's own declaration is not one for C++.
    *child.process_ =
        Descriptor(static_cast<int>(syscall(SYS_pidfd_open, child.pid_, 0)));
    return child;
  }

  // Waits at most `limit` for output, and for the end until that is known.
  void Wait(milliseconds limit, bool for_end = true) {
    pollfd waits[] = {{output_->get(), POLLIN, 0},
                      {for_end ? process_->get() : -1, POLLIN, 0}};
    // Without a descriptor of the process its end shows by looking.
    const milliseconds most = process_->open() ? limit : std::min(limit, kCancelPoll);
    poll(waits, 2, static_cast<int>(std::max<int64_t>(most.count(), 0)));
  }

  void Read(size_t max_output, Outcome& outcome) {
    char buffer[kReadSize];
    ssize_t count = 1;
    // Who writes without end must not keep us from looking at the clock.
    for (int i = 0; i < kReadsAtOnce && output_->open() && count > 0; ++i) {
      count = read(output_->get(), buffer, kReadSize);
      if (count <= 0) break;
      const size_t room = max_output - std::min(max_output, outcome.output.size());
      const size_t kept = std::min(room, static_cast<size_t>(count));
      outcome.output.append(buffer, kept);
      outcome.cut = outcome.cut || kept < static_cast<size_t>(count);
    }
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) output_->Close();
  }
  bool output_open() const { return output_->open(); }

  // Also what has ended is still the leader of its group until it is reaped.
  bool Ended() const {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) !=
               0 ||
           info.si_pid == pid_;
  }
  void SignalGroup(int signal) const { kill(-pid_, signal); }

  void Reap(Outcome& outcome) const {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) != pid_) return;
    outcome.end = WIFSIGNALED(status) ? End::kSignal : End::kExited;
    outcome.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  }

 private:
  explicit Child(int output) : output_(std::make_unique<Descriptor>(output)) {}

  pid_t pid_ = -1;
  std::unique_ptr<Descriptor> output_;
  std::unique_ptr<Descriptor> process_ = std::make_unique<Descriptor>();
};

milliseconds Until(Clock::time_point when) {
  return std::chrono::ceil<milliseconds>(when - Clock::now());
}

// Reads until the child has ended and closed its output, `until` or the caller's end.
std::optional<End> ReadToEnd(Child& child, const Program& program,
                             const std::function<bool()>& cancelled, Outcome& outcome) {
  const auto deadline = Clock::now() + program.limit;
  std::optional<Clock::time_point> lingers;
  while (true) {
    child.Read(program.max_output, outcome);
    if (!lingers && child.Ended()) lingers = Clock::now() + kLinger;
    if (lingers && (!child.output_open() || Clock::now() >= *lingers)) return {};
    if (cancelled()) return End::kCancelled;
    if (Clock::now() >= deadline) return End::kTimedOut;
    child.Wait(std::min(Until(lingers.value_or(deadline)), kCancelPoll), !lingers);
  }
}

// Ends the whole group, the friendly way first.
void EndGroup(Child& child, const Program& program, Outcome& outcome) {
  child.SignalGroup(SIGTERM);
  const auto kill_at = Clock::now() + kTermLimit;
  while (!child.Ended() && Clock::now() < kill_at) {
    child.Wait(std::min(Until(kill_at), kCancelPoll));
    child.Read(program.max_output, outcome);
  }
  child.SignalGroup(SIGKILL);
  const auto give_up = Clock::now() + kReapLimit;
  while (!child.Ended() && Clock::now() < give_up) {
    child.Wait(std::min(Until(give_up), kCancelPoll));
    child.Read(program.max_output, outcome);
  }
}

}  // namespace

Result<Outcome> Run(const Program& program, const std::function<bool()>& cancelled) {
  auto child = Child::Start(program);
  RETURN_IF_ERROR(child.status());
  Outcome outcome;
  const auto ended_by_us = ReadToEnd(*child, program, cancelled, outcome);
  if (ended_by_us) EndGroup(*child, program, outcome);
  child->Reap(outcome);
  if (ended_by_us) outcome.end = *ended_by_us;
  return outcome;
}

struct Background::State {
  std::mutex mutex;
  std::vector<pid_t> running;
};

Background::Background(size_t most) : most_(most), state_(std::make_unique<State>()) {}
Background::~Background() = default;

Status Background::Start(const Program& program) {
  const Descriptor nothing(open("/dev/null", O_WRONLY | O_CLOEXEC));
  Actions actions;
  actions.WriteTo(nothing.get());
  std::vector<char*> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!StartsWith(*entry, kWorkerMark)) environment.push_back(*entry);
  }
  environment.push_back(nullptr);

  const std::lock_guard<std::mutex> lock(state_->mutex);
  auto& running = state_->running;
  running.erase(
      std::remove_if(running.begin(), running.end(),
                     [](pid_t pid) { return waitpid(pid, nullptr, WNOHANG) != 0; }),
      running.end());
  if (running.size() >= most_) {
    return Status::ResourceExhausted("Starting " + NameOf(program) + ": " +
                                     std::to_string(most_) +
                                     " programs that nobody waits for still run");
  }
  pid_t pid = -1;
  const int error = actions.Spawn(program, environment.data(), POSIX_SPAWN_SETSID, pid);
  if (error != 0) return CannotStart(program, error);
  running.push_back(pid);
  return Status::Ok();
}

}  // namespace nscp::process
