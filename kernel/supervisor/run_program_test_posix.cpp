#include "kernel/supervisor/run_program.h"

#include <doctest/doctest.h>

#include <atomic>

namespace nscp::kernel {
namespace {

ProgramRun Shell(const std::string& script) {
  ProgramRun run;
  run.launch_program = NSCP_LAUNCH_PROGRAM;
  run.program = "/bin/sh";
  run.arguments = {"-c", script};
  return run;
}

TEST_CASE("a program gets its line and tells its code and both outputs") {
  ProgramRun run = Shell("read line; echo \"got $line\"; echo why >&2; exit 3");
  run.line = "a b";
  const auto end = RunProgram(run);
  REQUIRE(end.ok());
  CHECK(end->code == std::optional<int>(3));
  CHECK(end->out == "got a b\n");
  CHECK(end->err == "why\n");
}

TEST_CASE("a program that takes too long is killed, with its children") {
  ProgramRun run = Shell("sleep 1000 & sleep 1000");
  run.limit = std::chrono::milliseconds(100);
  const auto start = std::chrono::steady_clock::now();
  CHECK(RunProgram(run).status().code() == Code::kDeadlineExceeded);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
}

TEST_CASE("a program that nobody wants any more is killed") {
  ProgramRun run = Shell("sleep 1000");
  std::atomic<int> asked{0};
  run.cancelled = [&] { return ++asked == 2; };
  CHECK(RunProgram(run).status().code() == Code::kCancelled);
}

TEST_CASE("of a flood the first part is kept, and what is no program is told") {
  ProgramRun flood = Shell("head -c 300000 /dev/zero");
  const auto end = RunProgram(flood);
  REQUIRE(end.ok());
  CHECK(end->code == std::optional<int>(0));
  CHECK(end->out.size() == kMaxProgramOutput);
  ProgramRun none = Shell("");
  none.program = "/no/such/program";
  const auto failed = RunProgram(none);
  REQUIRE(failed.ok());
  CHECK(failed->code != std::optional<int>(0));
  CHECK(failed->err.find("/no/such/program") != std::string::npos);
}

}  // namespace
}  // namespace nscp::kernel
