// Processes on Linux: epoll over pidfds and pipes; signals through pidfds, and to a group
// only while its leader is not reaped, so that no number can belong to someone else.
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "kernel/supervisor/process_posix.h"
#include "proto/cpp/secret.h"

namespace nscp::kernel {

namespace {

constexpr int kMaxEvents = 64;
constexpr size_t kHostNameBytes = 8;
constexpr uint64_t kWakeKey = 0;
constexpr uint64_t kKinds = 4;  // more than there are kinds of events

uint64_t KeyOf(const ProcessEvent& event) {
  return event.incarnation * kKinds + static_cast<uint64_t>(event.kind);
}

ProcessEvent EventOf(uint64_t key) {
  return {key / kKinds, static_cast<ProcessEvent::Kind>(key % kKinds)};
}

ExitStatus DescribeExit(const siginfo_t& info) {
  ExitStatus status;
  if (info.si_code == CLD_EXITED) {
    status.code = info.si_status;
    status.text = "exited with code " + std::to_string(info.si_status);
    return status;
  }
  status.signal = info.si_status;
  const char* description = sigdescr_np(info.si_status);
  status.text = "killed by signal " + std::to_string(info.si_status) + " (" +
                (description != nullptr ? description : "unknown") + ")";
  return status;
}

class PosixProcess : public Process {
 public:
  explicit PosixProcess(Launched launched) : launched_(std::move(launched)) {}
  ~PosixProcess() override { PosixProcess::Kill(); }

  int64_t pid() const override { return launched_.pid; }
  const Launched& launched() const { return launched_; }

  std::string Read(Stream stream) override;
  Status PassDescriptor(const std::string& name, int descriptor) override;
  void Terminate() override;
  void Kill() override;
  ExitStatus Reap() override;

 private:
  Launched launched_;
  bool reaped_ = false;
};

std::string PosixProcess::Read(Stream stream) {
  Descriptor& pipe = launched_.out[static_cast<int>(stream)];
  if (!pipe.open()) return {};
  std::string bytes(kMaxRead, '\0');
  const ssize_t count = read(pipe.get(), bytes.data(), bytes.size());
  const bool again = count < 0 && (errno == EAGAIN || errno == EINTR);
  if (count <= 0 && !again) pipe.Close();  // its end; epoll forgets it with this
  bytes.resize(count > 0 ? static_cast<size_t>(count) : 0);
  return bytes;
}

Status PosixProcess::PassDescriptor(const std::string& name, int descriptor) {
  return WriteLifeline(launched_.lifeline.get(), "descriptor " + name + "\n", descriptor);
}

void PosixProcess::Terminate() {
  if (reaped_) return;
  if (kill(-launched_.pid, SIGTERM) == 0) return;
  SignalPidfd(launched_.pidfd.get(), SIGTERM);  // it changed its group
}

void PosixProcess::Kill() {
  if (reaped_) return;
  SignalPidfd(launched_.pidfd.get(), SIGKILL);
  kill(-launched_.pid, SIGKILL);
}

ExitStatus PosixProcess::Reap() {
  Kill();  // the rest of the group
  reaped_ = true;
  siginfo_t info{};
  const auto id = static_cast<id_t>(launched_.pidfd.get());
  int result = 0;
  do {
    result = waitid(P_PIDFD, id, &info, WEXITED | WNOHANG);
  } while (result != 0 && errno == EINTR);
  launched_.pidfd.Close();
  if (result == 0 && info.si_pid != 0) return DescribeExit(info);
  ExitStatus unknown;
  unknown.text = "ended in a way that the system does not tell";
  return unknown;
}

class PosixHost : public ProcessHost {
 public:
  PosixHost(std::string launch_program, std::string name, Descriptor epoll,
            Descriptor wake)
      : launch_program_(std::move(launch_program)),
        name_(std::move(name)),
        orphans_(name_),
        epoll_(std::move(epoll)),
        wake_(std::move(wake)) {}

  Result<std::unique_ptr<Process>> Spawn(const WorkerSpec& spec,
                                         IncarnationId incarnation,
                                         const std::string& birth_line) override;
  std::vector<ProcessEvent> Wait(std::chrono::milliseconds timeout) override;
  void Wake() override;
  std::chrono::milliseconds TimeAsleep() const override;
  bool SweepOrphans(bool thorough, const std::function<bool(IncarnationId)>& lives,
                    const std::function<bool(int64_t)>& known) override {
    return orphans_.Sweep(thorough, lives, known);
  }

  Status Watch(int fd, uint64_t key);

 private:
  const std::string launch_program_;
  const std::string name_;
  Orphans orphans_;
  Descriptor epoll_;
  Descriptor wake_;
};

Status PosixHost::Watch(int fd, uint64_t key) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = key;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0) return Status::Ok();
  return ErrnoStatus("watching a descriptor", errno);
}

Result<std::unique_ptr<Process>> PosixHost::Spawn(const WorkerSpec& spec,
                                                  IncarnationId incarnation,
                                                  const std::string& birth_line) {
  if (birth_line.size() > kMaxBirthLine) {
    return Status::Internal("the birth line is longer than a worker can be given");
  }
  const std::string mark = MakeMark(name_, incarnation);
  ASSIGN_OR_RETURN(Launched launched,
                   LaunchProcess(launch_program_, spec, mark, birth_line));
  auto process = std::make_unique<PosixProcess>(std::move(launched));
  const Launched& ours = process->launched();
  Status status;
  using Kind = ProcessEvent::Kind;
  const std::array<std::pair<int, Kind>, 3> watched = {
      std::make_pair(ours.pidfd.get(), Kind::kEnded),
      std::make_pair(ours.out[0].get(), Kind::kStdout),
      std::make_pair(ours.out[1].get(), Kind::kStderr)};
  for (const auto& [fd, kind] : watched) {
    if (status.ok()) status = Watch(fd, KeyOf({incarnation, kind}));
  }
  if (status.ok()) return std::unique_ptr<Process>(std::move(process));
  process->Kill();
  siginfo_t info{};
  waitid(P_PIDFD, static_cast<id_t>(ours.pidfd.get()), &info, WEXITED);
  process->Reap();
  return status;
}

std::vector<ProcessEvent> PosixHost::Wait(std::chrono::milliseconds timeout) {
  std::array<epoll_event, kMaxEvents> ready;
  const int count = epoll_wait(epoll_.get(), ready.data(), kMaxEvents,
                               static_cast<int>(timeout.count()));
  std::vector<ProcessEvent> events;
  for (int i = 0; i < count; ++i) {
    const uint64_t key = ready[static_cast<size_t>(i)].data.u64;
    if (key != kWakeKey) {
      events.push_back(EventOf(key));
      continue;
    }
    uint64_t wakes = 0;
    (void)!read(wake_.get(), &wakes, sizeof wakes);  // only to quieten it
  }
  return events;
}

void PosixHost::Wake() {
  const uint64_t one = 1;
  (void)!write(wake_.get(), &one, sizeof one);  // fails only when it is awake already
}

std::chrono::milliseconds PosixHost::TimeAsleep() const {
  timespec with_sleep{};
  timespec without{};
  clock_gettime(CLOCK_MONOTONIC, &without);
  clock_gettime(CLOCK_BOOTTIME, &with_sleep);
  return std::chrono::milliseconds((with_sleep.tv_sec - without.tv_sec) * 1000 +
                                   (with_sleep.tv_nsec - without.tv_nsec) / 1000000);
}

}  // namespace

Result<std::unique_ptr<ProcessHost>> ProcessHost::Create(
    const std::string& launch_program) {
  ASSIGN_OR_RETURN(const std::string random, RandomBytes(kHostNameBytes));
  Descriptor epoll(epoll_create1(EPOLL_CLOEXEC));
  Descriptor wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!epoll.open() || !wake.open())
    return ErrnoStatus("preparing to watch workers", errno);
  // Descendants of workers that outlive their parents become our children, see
  // SweepOrphans.
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
    return ErrnoStatus("becoming a reaper", errno);
  const int wake_fd = wake.get();
  auto host = std::make_unique<PosixHost>(launch_program, ToHex(random), std::move(epoll),
                                          std::move(wake));
  RETURN_IF_ERROR(host->Watch(wake_fd, kWakeKey));
  return std::unique_ptr<ProcessHost>(std::move(host));
}

}  // namespace nscp::kernel
