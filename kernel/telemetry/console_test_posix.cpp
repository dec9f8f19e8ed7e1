#include <cerrno>
#include <chrono>
#include <string>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/telemetry/log_sink.h"

namespace nscp::kernel {
namespace {

// In a child whose standard output is a pipe that nobody reads.
int WriteToFullPipe() {
  int ends[2];
  if (pipe(ends) != 0 || dup2(ends[1], STDOUT_FILENO) < 0) return 2;
  const auto output = StandardOutput();
  const auto start = std::chrono::steady_clock::now();
  const std::string line(1000, 'x');
  for (int i = 0; i < 10000; ++i) output(line);
  const auto took = std::chrono::steady_clock::now() - start;
  return took < std::chrono::seconds(10) ? 0 : 1;
}

TEST_CASE("a console that nobody reads costs one wait, not one for each line") {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) _exit(WriteToFullPipe());
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace nscp::kernel
