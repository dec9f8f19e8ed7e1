#include <doctest/doctest.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "workers/process/program.h"

namespace nscp::process {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

// A loaded machine needs longer.
constexpr milliseconds kSlack{5000};

bool Never() { return false; }

Program Shell(const std::string& text) {
  Program program;
  program.words = {"sh", "-c", text};
  return program;
}

Outcome RunShell(const std::string& text) {
  auto outcome = Run(Shell(text), Never);
  REQUIRE(outcome.ok());
  return *std::move(outcome);
}

struct Folder {
  Folder() {
    char name[] = "/tmp/nscp-process-XXXXXX";
    path = mkdtemp(name);
  }
  ~Folder() { fs::remove_all(path); }
  std::string Read(const std::string& name) const {
    std::ifstream in(path / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // Empty after the slack.
  std::string WaitFor(const std::string& name) const {
    const auto end = std::chrono::steady_clock::now() + kSlack;
    while (Read(name).empty() && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(milliseconds(5));
    }
    return Read(name);
  }
  fs::path path;
};

// Runs as long as there is the folder.
std::string While(const fs::path& folder) {
  return "(while [ -d " + folder.string() + " ]; do sleep 0.1; done)";
}

bool EndsInTime(pid_t pid) {
  const auto end = std::chrono::steady_clock::now() + kSlack;
  while (std::chrono::steady_clock::now() < end) {
    if (kill(pid, 0) != 0 && errno == ESRCH) return true;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return false;
}

TEST_CASE("output, errors among it, and the exit code are told") {
  const Outcome outcome = RunShell("echo out; echo error >&2; exit 3");
  CHECK(outcome.end == End::kExited);
  CHECK(outcome.code == 3);
  CHECK(outcome.output == "out\nerror\n");
  CHECK_FALSE(outcome.cut);
}

TEST_CASE("words arrive as they are, whatever they hold") {
  Program program;
  program.words = {"printf", "[%s]", "a b", "", "$HOME `id` ; \"quoted\" \\",
                   "*",      "\xff"};
  const auto outcome = Run(program, Never);
  REQUIRE(outcome.ok());
  CHECK(outcome->output == "[a b][][$HOME `id` ; \"quoted\" \\][*][\xff]");
}

TEST_CASE("its input is empty, and it has no other file of ours") {
  CHECK(RunShell("cat; ls /proc/self/fd | tr '\\n' ' '").output == "0 1 2 3 ");
}

TEST_CASE("what cannot be started says why") {
  Program program;
  program.words = {"/nonexistent/program"};
  Status status = Run(program, Never).status();
  CHECK(status.code() == Code::kNotFound);
  CHECK(status.message() == "Starting /nonexistent/program: No such file or directory");
  program.words = {"/etc/passwd"};
  status = Run(program, Never).status();
  CHECK(status.code() == Code::kPermissionDenied);
}

TEST_CASE("death by a signal is no exit code") {
  const Outcome outcome = RunShell("kill -9 $$");
  CHECK(outcome.end == End::kSignal);
  CHECK(outcome.code == SIGKILL);
}

TEST_CASE("output beyond the bound is dropped, and the program goes on") {
  Program program = Shell("head -c 300000 /dev/zero; exit 2");
  program.max_output = 1000;
  const auto outcome = Run(program, Never);
  REQUIRE(outcome.ok());
  CHECK(outcome->output.size() == 1000);
  CHECK(outcome->cut);
  CHECK(outcome->code == 2);
}

TEST_CASE("its time is up for the whole group, also for who does not listen") {
  const Folder folder;
  const std::string file = folder.path.string();
  struct {
    const char* name;
    std::string text;
  } const cases[] = {
      {"one that waits", "sleep 60 & echo $! >" + file + "/pid; wait"},
      {"one that does not listen",
       "trap '' TERM; (trap '' TERM; exec sleep 60) & echo $! >" + file +
           "/pid; "
           "while :; do sleep 1; done"},
      {"one that writes without end", "sleep 60 & echo $! >" + file + "/pid; exec yes"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.name);
    Program program = Shell(one.text);
    program.limit = milliseconds(300);
    const auto began = std::chrono::steady_clock::now();
    const auto outcome = Run(program, Never);
    REQUIRE(outcome.ok());
    CHECK(outcome->end == End::kTimedOut);
    CHECK(std::chrono::steady_clock::now() - began <
          program.limit + kTermLimit + kReapLimit + kSlack);
    CHECK(EndsInTime(std::stoi(folder.Read("pid"))));
  }
}

TEST_CASE("a caller that has gone ends it") {
  const auto outcome = Run(Shell("sleep 60"), [] { return true; });
  REQUIRE(outcome.ok());
  CHECK(outcome->end == End::kCancelled);
}

TEST_CASE("who goes on in the background holds nobody up") {
  const Folder folder;
  const auto began = std::chrono::steady_clock::now();
  const Outcome outcome = RunShell(While(folder.path) + " & echo begun");
  CHECK(outcome.output == "begun\n");
  CHECK(outcome.end == End::kExited);
  CHECK(std::chrono::steady_clock::now() - began < kLinger + kSlack);
}

TEST_CASE("what nobody waits for runs, free of the mark of its starter") {
  const Folder folder;
  REQUIRE(setenv("NSCP_WORKER", "here.1", 1) == 0);
  Background background;
  REQUIRE(
      background
          .Start(Shell("echo \"<$NSCP_WORKER>\" >" + folder.path.string() + "/new; mv " +
                       folder.path.string() + "/new " + folder.path.string() + "/done"))
          .ok());
  unsetenv("NSCP_WORKER");
  CHECK(folder.WaitFor("done") == "<>\n");
  Program nothing;
  nothing.words = {"/nonexistent"};
  CHECK(background.Start(nothing).code() == Code::kNotFound);
}

TEST_CASE("what nobody waits for is bounded") {
  Background background(2);
  {
    const Folder folder;
    CHECK(background.Start(Shell(While(folder.path))).ok());
    CHECK(background.Start(Shell(While(folder.path))).ok());
    const Status status = background.Start(Shell("true"));
    CHECK(status.code() == Code::kResourceExhausted);
    CHECK(status.message() == "Starting sh: 2 programs that nobody waits for still run");
  }
  const auto end = std::chrono::steady_clock::now() + kSlack;
  while (!background.Start(Shell("true")).ok()) {
    REQUIRE(std::chrono::steady_clock::now() < end);
    std::this_thread::sleep_for(milliseconds(5));
  }
}

}  // namespace
}  // namespace nscp::process
