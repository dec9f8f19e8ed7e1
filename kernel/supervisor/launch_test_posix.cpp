// nscp-launch by itself, and the death of a whole kernel.
#include <doctest/doctest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "kernel/supervisor/supervisor_fixture.h"

namespace nscp::kernel {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A program started by the test, its stdout and stderr in one stream.
class Started {
 public:
  explicit Started(std::vector<std::string> arguments) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    REQUIRE(posix_spawn(&pid_, pointers[0], &actions, nullptr, pointers.data(),
                        environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_ = fdopen(ends[0], "r");
  }
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;
  ~Started() {
    if (pid_ > 0) Wait(SIGKILL);
    fclose(output_);
  }

  pid_t pid() const { return pid_; }
  // Without the line end; empty at the end of the stream.
  std::string Line() {
    char line[4096] = {};
    if (fgets(line, sizeof line, output_) == nullptr) return "";
    std::string text = line;
    if (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
  }
  // The exit code, or 1000 + signal.
  int Wait(int signal = 0) {
    if (signal != 0) kill(pid_, signal);
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

 private:
  pid_t pid_ = 0;
  FILE* output_ = nullptr;
};

TEST_CASE("nscp-launch names the step that failed in one line") {
  const std::string me = std::to_string(getpid());
  const std::string fake = NSCP_FAKE_PROCESS;
  struct Case {
    std::vector<std::string> arguments;
    int code;
    std::string line;
  };
  const Case cases[] = {
      {{"--parent", me, "--", "/nowhere/x"}, 127, "its program /nowhere/x is missing"},
      {{"--parent", me, "--", "/etc/passwd"},
       126,
       "running its program /etc/passwd: Permission denied"},
      {{"--parent", "1", "--", fake, "exit", "0"}, 126, "its parent is not the agent"},
      {{"--", fake, "exit", "0"}, 126, "its parent is not the agent"},
      {{"--parent", me, "--folder", "/nowhere", "--", fake, "exit", "0"},
       126,
       "going to its folder /nowhere: No such file or directory"},
      {{"--parent", me, "--user", "no such user", "--", fake, "exit", "0"},
       126,
       "there is no user no such user"},
      {{"--parent", me, "--cgroup", "/nowhere", "--", fake, "exit", "0"},
       126,
       "joining the cgroup /nowhere: No such file or directory"},
      {{"--colour", "red", "--", fake}, 126, "unknown option, or no value: --colour"},
      {{"--parent"}, 126, "unknown option, or no value: --parent"},
      {{"--parent", me, "--"}, 126, "it needs -- and a program"},
      {{"--parent", me}, 126, "it needs -- and a program"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.line);
    std::vector<std::string> arguments = {NSCP_LAUNCH_PROGRAM};
    arguments.insert(arguments.end(), one.arguments.begin(), one.arguments.end());
    Started launch(arguments);
    CHECK(launch.Line() == "nscp-launch: " + one.line);
    CHECK(launch.Line() == "");
    CHECK(launch.Wait() == one.code);
  }
}

TEST_CASE("nscp-launch passes arguments and exit code on") {
  const std::string me = std::to_string(getpid());
  Started launch({NSCP_LAUNCH_PROGRAM, "--parent", me, "--drop-capabilities", "--",
                  NSCP_FAKE_PROCESS, "exit", "42"});
  CHECK(launch.Line() == "attach");
  CHECK(launch.Wait() == 42);
}

TEST_CASE("the limits, the folder and the lack of capabilities hold in the worker") {
  const std::string me = std::to_string(getpid());
  Started launch({NSCP_LAUNCH_PROGRAM, "--parent", me, "--data", "900000000", "--files",
                  "77", "--folder", "/", "--drop-capabilities", "--", "/bin/sh", "-c",
                  "ulimit -d; ulimit -n; ulimit -c; pwd; grep CapEff /proc/self/status"});
#ifdef NSCP_NO_DATA_LIMIT
  CHECK(launch.Line() != "");
#else
  CHECK(launch.Line() == "878906");
#endif
  CHECK(launch.Line() == "77");
  CHECK(launch.Line() == "0");
  CHECK(launch.Line() == "/");
  CHECK(launch.Line() == "CapEff:\t0000000000000000");
  CHECK(launch.Wait() == 0);
}

TEST_CASE("a limit that holds already is not raised") {
  rlimit limit{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
  Started launch({NSCP_LAUNCH_PROGRAM, "--parent", std::to_string(getpid()), "--files",
                  std::to_string(limit.rlim_max + 1), "--", "/bin/sh", "-c",
                  "ulimit -n"});
  CHECK(launch.Line() == std::to_string(limit.rlim_max));
  CHECK(launch.Wait() == 0);
}

TEST_CASE("the supervisor hands limits and folder on") {
  Room room;
  WorkerSpec spec = Room::Worker("a", "run");
  spec.program = "/bin/sh";
  spec.arguments = {"-c", "ulimit -n; pwd; echo attach; read line; read line"};
  spec.limits.open_files = 55;
  spec.working_folder = "/";
  CHECK(room.Load(spec).ok());
  CHECK(room.port.WaitFor("55"));
  CHECK(room.port.WaitFor("/"));
}

TEST_CASE("no worker outlives a kernel that is killed") {
  Started kernel({NSCP_FAKE_KERNEL, "run", "stubborn", "stop-on-term", "deaf"});
  std::vector<int64_t> workers;
  for (std::string line = kernel.Line(); line != "ready"; line = kernel.Line()) {
    REQUIRE(line != "");
    workers.push_back(atol(line.c_str()));
  }
  REQUIRE(workers.size() == 4);
  for (int64_t pid : workers) CHECK(kill(static_cast<pid_t>(pid), 0) == 0);
  const auto start = steady_clock::now();
  CHECK(kernel.Wait(SIGKILL) == 1000 + SIGKILL);
  for (int64_t pid : workers) CHECK(WaitForEnd(pid));
  CHECK(steady_clock::now() - start < milliseconds(1000));
}

}  // namespace
}  // namespace nscp::kernel
