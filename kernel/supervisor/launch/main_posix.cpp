// nscp-launch: becomes a worker's program, in whatever language that is written, after
// what posix_spawn cannot do: the parent-death signal, limits, user, capabilities.
//
//   nscp-launch --parent PID [--folder DIR] [--data BYTES] [--files N] [--core BYTES]
//               [--cgroup DIR] [--user NAME] [--drop-capabilities] -- PROGRAM [ARGUMENT
//               ...]
//
// A step that fails is named in one line on stderr; exit code 127: the program is
// missing, 126: anything else. Linux: prctl(2), setrlimit(2), capabilities(7),
// cgroups(7).
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr int kNotStarted = 126;
constexpr int kMissing = 127;

struct Options {
  const char* parent = "0";
  const char* folder = nullptr;
  const char* data = nullptr;
  const char* files = nullptr;
  const char* core = "0";
  const char* cgroup = nullptr;
  const char* user = nullptr;
  bool drop_capabilities = false;
  char** program = nullptr;
};

[[noreturn]] void Fail(const char* doing, const char* with) {
  dprintf(STDERR_FILENO, "nscp-launch: %s %s: %s\n", doing, with, strerror(errno));
  _exit(kNotStarted);
}

[[noreturn]] void Refuse(const char* why, const char* what) {
  dprintf(STDERR_FILENO, "nscp-launch: %s%s\n", why, what);
  _exit(kNotStarted);
}

const char** Place(Options& options, const char* name) {
  if (strcmp(name, "--parent") == 0) return &options.parent;
  if (strcmp(name, "--folder") == 0) return &options.folder;
  if (strcmp(name, "--data") == 0) return &options.data;
  if (strcmp(name, "--files") == 0) return &options.files;
  if (strcmp(name, "--core") == 0) return &options.core;
  if (strcmp(name, "--cgroup") == 0) return &options.cgroup;
  if (strcmp(name, "--user") == 0) return &options.user;
  return nullptr;
}

Options Parse(int argc, char** argv) {
  Options options;
  int i = 1;
  for (; i < argc && strcmp(argv[i], "--") != 0; ++i) {
    const char* name = argv[i];
    if (strcmp(name, "--drop-capabilities") == 0) {
      options.drop_capabilities = true;
      continue;
    }
    const char** place = Place(options, name);
    if (place == nullptr || ++i >= argc) Refuse("unknown option, or no value: ", name);
    *place = argv[i];
  }
  if (i + 1 >= argc) Refuse("it needs -- and a program", "");
  options.program = argv + i + 1;
  return options;
}

// The signal comes when the parent ends; the check finds a parent that ended before.
void DieWithParent(const char* parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) Fail("setting", "the parent-death signal");
  if (getppid() != strtol(parent, nullptr, 10)) Refuse("its parent is not the agent", "");
}

void JoinCgroup(const char* folder) {
  char path[4096];
  snprintf(path, sizeof path, "%s/cgroup.procs", folder);
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0 || dprintf(file, "%ld\n", static_cast<long>(getpid())) < 0) {
    Fail("joining the cgroup", folder);
  }
  close(file);
}

// A limit that holds already is never raised.
void Limit(__rlimit_resource resource, const char* value, const char* name) {
  if (value == nullptr) return;
  rlimit limit{};
  getrlimit(resource, &limit);
  const rlim_t wanted = strtoull(value, nullptr, 10);
  if (wanted < limit.rlim_max) limit.rlim_max = wanted;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(resource, &limit) != 0) Fail("setting the limit of", name);
}

void BecomeUser(const char* name) {
  errno = 0;
  const passwd* user = getpwnam(name);
  if (user == nullptr) Refuse("there is no user ", name);
  if (initgroups(name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 ||
      setuid(user->pw_uid) != 0) {
    Fail("becoming the user", name);
  }
}

void DropCapabilities() {
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  for (unsigned long one = 0; one <= CAP_LAST_CAP; ++one)
    prctl(PR_CAPBSET_DROP, one, 0, 0, 0);
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capset, &header, none) != 0) Fail("dropping", "capabilities");
}

}  // namespace

int main(int argc, char** argv) {
  close_range(STDERR_FILENO + 1, ~0U, 0);  // stray descriptors
  const Options options = Parse(argc, argv);
  DieWithParent(options.parent);
  if (options.cgroup != nullptr) JoinCgroup(options.cgroup);
#ifndef NSCP_NO_DATA_LIMIT  // set with sanitizers, whose shadow memory counts, too
  Limit(RLIMIT_DATA, options.data, "memory");
#endif
  Limit(RLIMIT_NOFILE, options.files, "open files");
  Limit(RLIMIT_CORE, options.core, "core dumps");
  if (options.user != nullptr) BecomeUser(options.user);
  if (options.drop_capabilities) DropCapabilities();
  DieWithParent(options.parent);  // a change of user clears the signal
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) Fail("giving up", "new privileges");
  const char* folder = options.folder;
  if (folder != nullptr && chdir(folder) != 0) Fail("going to its folder", folder);
  const char* program = options.program[0];
  execv(program, options.program);
  if (errno != ENOENT || access(program, F_OK) == 0) Fail("running its program", program);
  dprintf(STDERR_FILENO, "nscp-launch: its program %s is missing\n", program);
  return kMissing;
}
