// Descendants of ended workers that left their process group: found by the mark in their
// environment, whoever their parent is now.
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "kernel/supervisor/process_posix.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

// An environment is read no further; the mark stands in what the kernel gave, near its
// start.
constexpr size_t kMaxEnvironment = 65536;
// Sweeps that wait for the end of a process that was killed; one in a dead file system
// may not end at all.
constexpr int kPatience = 100;

std::string ReadProc(int64_t pid, const char* what) {
  const std::string path = "/proc/" + std::to_string(pid) + "/" + what;
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  if (!file.open()) return text;
  text.resize(kMaxEnvironment);
  const ssize_t count = read(file.get(), text.data(), text.size());
  text.resize(count > 0 ? static_cast<size_t>(count) : 0);
  return text;
}

// The incarnation whose mark of this host a process carries; 0 = none.
IncarnationId MarkedIncarnation(int64_t pid, const std::string& host) {
  const std::string entry = std::string(kMarkName) + "=" + host + ".";
  const std::string environment = ReadProc(pid, "environ");
  for (const std::string& one : Split(environment, '\0')) {
    if (StartsWith(one, entry)) return strtoull(one.c_str() + entry.size(), nullptr, 10);
  }
  return 0;
}

struct ProcStat {
  char state = '?';
  int64_t parent = 0;
  int64_t group = 0;
};

// proc(5): "pid (name) state ppid pgrp ..."; the name may hold anything, even ")".
ProcStat ReadStat(int64_t pid) {
  ProcStat stat;
  const std::string text = ReadProc(pid, "stat");
  const size_t end = text.rfind(')');
  if (end == std::string::npos) return stat;
  long parent = 0;
  long group = 0;
  if (sscanf(text.c_str() + end + 1, " %c %ld %ld", &stat.state, &parent, &group) == 3) {
    stat.parent = parent;
    stat.group = group;
  }
  return stat;
}

bool AnyChildEnded() {
  siginfo_t info{};
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

// A zombie among our children is a worker's descendant when it is no known process and
// not of our own group: workers are groups of their own from birth. Others of our
// children belong to who started them.
bool ReapOrphan(int64_t pid, const std::function<bool(int64_t)>& known) {
  const ProcStat stat = ReadStat(pid);
  if (stat.state != 'Z' || stat.parent != getpid() || stat.group == getpgrp())
    return false;
  if (known(pid)) return false;
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG) == 0;
}

}  // namespace

std::string MakeMark(const std::string& host, IncarnationId incarnation) {
  return host + "." + std::to_string(incarnation);
}

// True while it is worth to wait for the ends of those that were killed.
bool Orphans::AwaitDying() {
  const auto ended = [](const Dying& one) {
    pollfd ready = {one.pidfd.get(), POLLIN, 0};
    return poll(&ready, 1, 0) == 1;
  };
  dying_.erase(std::remove_if(dying_.begin(), dying_.end(), ended), dying_.end());
  bool awaited = false;
  for (Dying& one : dying_) {
    if (one.patience > 0 && --one.patience > 0) awaited = true;
  }
  return awaited;
}

bool Orphans::KillOne(int64_t pid, const std::function<bool(IncarnationId)>& lives) {
  for (const Dying& one : dying_) {
    if (one.pid == pid) return false;
  }
  // Opened before the mark is read: the signal reaches this process or none.
  Descriptor process(OpenPidfd(pid));
  if (!process.open()) return false;
  const IncarnationId incarnation = MarkedIncarnation(pid, host_);
  if (incarnation == 0 || lives(incarnation)) return false;
  if (!SignalPidfd(process.get(), SIGKILL)) return false;
  dying_.push_back({pid, std::move(process), kPatience});
  return true;
}

bool Orphans::Sweep(bool thorough, const std::function<bool(IncarnationId)>& lives,
                    const std::function<bool(int64_t)>& known) {
  const bool zombies = AnyChildEnded();
  if (!thorough && !zombies && dying_.empty()) return false;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc"), closedir);
  if (!folder) return false;
  bool again = AwaitDying();
  while (const dirent* entry = readdir(folder.get())) {
    const int64_t pid = strtoll(entry->d_name, nullptr, 10);
    if (pid <= 1 || pid == getpid()) continue;
    if (zombies && ReapOrphan(pid, known)) continue;
    if (!known(pid) && KillOne(pid, lives)) again = true;
  }
  return again;
}

}  // namespace nscp::kernel
