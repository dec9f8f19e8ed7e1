// The spawn: pipes, lifeline, arguments, environment, posix_spawn.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "kernel/supervisor/process_posix.h"

namespace nscp::kernel {
namespace {

// What a worker inherits of the kernel's environment.
constexpr std::array<const char*, 7> kInherited = {
    "PATH", "LANG", "LC_ALL", "HOME", "TZ", "TMPDIR", "DBUS_SYSTEM_BUS_ADDRESS"};
constexpr char kDefaultPath[] =
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr int kFirstStray = 3;

std::vector<std::string> MakeArguments(const std::string& launch_program,
                                       const WorkerSpec& spec) {
  std::vector<std::string> arguments = {launch_program, "--parent",
                                        std::to_string(getpid())};
  const auto add = [&arguments](const char* option, const std::string& value) {
    if (value.empty() || value == "0") return;
    arguments.insert(arguments.end(), {option, value});
  };
  add("--folder", spec.working_folder);
  add("--data", std::to_string(spec.limits.data_bytes));
  add("--files", std::to_string(spec.limits.open_files));
  add("--core", std::to_string(spec.limits.core_bytes));
  add("--cgroup", spec.cgroup);
  add("--user", spec.user);
  if (spec.drop_capabilities) arguments.push_back("--drop-capabilities");
  arguments.push_back("--");
  arguments.push_back(spec.program);
  arguments.insert(arguments.end(), spec.arguments.begin(), spec.arguments.end());
  return arguments;
}

std::vector<std::string> MakeEnvironment(const std::string& mark) {
  std::vector<std::string> environment;
  for (const char* name : kInherited) {
    const char* value = getenv(name);
    if (value != nullptr) environment.push_back(std::string(name) + "=" + value);
  }
  if (getenv("PATH") == nullptr) environment.push_back(kDefaultPath);
  environment.push_back("GRPC_ENABLE_FORK_SUPPORT=0");
  environment.push_back(std::string(kMarkName) + "=" + mark);
  return environment;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

// The process's ends of its three standard streams.
struct Ends {
  Descriptor in;
  Descriptor out[2];
};

Status MakeStreams(Launched& ours, Ends& theirs) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return ErrnoStatus("making a lifeline", errno);
  }
  ours.lifeline = Descriptor(pair[0]);
  theirs.in = Descriptor(pair[1]);
  for (int i = 0; i < 2; ++i) {
    if (pipe2(pair, O_CLOEXEC) != 0) return ErrnoStatus("making a pipe", errno);
    ours.out[i] = Descriptor(pair[0]);
    theirs.out[i] = Descriptor(pair[1]);
  }
  for (int fd : {ours.lifeline.get(), ours.out[0].get(), ours.out[1].get()}) {
    if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
      return ErrnoStatus("setting up a pipe", errno);
  }
  return Status::Ok();
}

// posix_spawn's two objects, and their end.
struct SpawnSetup {
  SpawnSetup() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;
  ~SpawnSetup() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }

  int Fill(const Ends& ends) {
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    // An ignored SIGPIPE would survive exec.
    int error = posix_spawnattr_setsigdefault(&attributes, &all);
    if (error == 0) error = posix_spawnattr_setsigmask(&attributes, &none);
    if (error == 0) error = posix_spawnattr_setpgroup(&attributes, 0);
    const int flags =
        POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP;
    if (error == 0)
      error = posix_spawnattr_setflags(&attributes, static_cast<short>(flags));
    const std::array<int, 3> fds = {ends.in.get(), ends.out[0].get(), ends.out[1].get()};
    for (int i = 0; i < 3 && error == 0; ++i) {
      error = posix_spawn_file_actions_adddup2(&actions, fds[static_cast<size_t>(i)], i);
    }
    if (error == 0)
      error = posix_spawn_file_actions_addclosefrom_np(&actions, kFirstStray);
    return error;
  }

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

}  // namespace

int OpenPidfd(int64_t pid) {
  return static_cast<int>(syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0));
}

bool SignalPidfd(int pidfd, int signal) {
  return syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0) == 0;
}

Status ErrnoStatus(const std::string& doing, int error) {
  return Status::Unavailable(doing + ": " + std::generic_category().message(error));
}

Status WriteLifeline(int lifeline, const std::string& line, int descriptor) {
  iovec part = {const_cast<char*>(line.data()), line.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (descriptor >= 0) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
  }
  const ssize_t count = sendmsg(lifeline, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count == static_cast<ssize_t>(line.size())) return Status::Ok();
  if (count >= 0 || errno == EAGAIN) {
    return Status::ResourceExhausted("the worker does not read its standard input");
  }
  return ErrnoStatus("writing to the worker's standard input", errno);
}

Result<Launched> LaunchProcess(const std::string& launch_program, const WorkerSpec& spec,
                               const std::string& mark, const std::string& birth_line) {
  Launched launched;
  Ends ends;
  RETURN_IF_ERROR(MakeStreams(launched, ends));
  RETURN_IF_ERROR(WriteLifeline(launched.lifeline.get(), birth_line + "\n", -1));
  std::vector<std::string> arguments = MakeArguments(launch_program, spec);
  std::vector<std::string> environment = MakeEnvironment(mark);
  const std::vector<char*> argument_pointers = Pointers(arguments);
  const std::vector<char*> environment_pointers = Pointers(environment);
  SpawnSetup setup;
  int error = setup.Fill(ends);
  if (error == 0) {
    error = posix_spawn(&launched.pid, launch_program.c_str(), &setup.actions,
                        &setup.attributes, argument_pointers.data(),
                        environment_pointers.data());
  }
  if (error != 0) return ErrnoStatus("running " + launch_program, error);
  // The process is our child and not reaped, so the number is still its own.
  launched.pidfd = Descriptor(OpenPidfd(launched.pid));
  if (!launched.pidfd.open()) {
    error = errno;
    kill(-launched.pid, SIGKILL);
    waitpid(launched.pid, nullptr, 0);
    return ErrnoStatus("watching a new process", error);
  }
  return launched;
}

}  // namespace nscp::kernel
