// Programs of Windows itself: cmd.exe, and batch files.
#include <doctest/doctest.h>

#include "proto/cpp/text.h"
#include "tests/unit/temp_folder.h"
#include "workers/process/program.h"

namespace nscp::process {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

const auto kNever = [] { return false; };

Program Line(std::string line) {
  Program program;
  program.line = std::move(line);
  return program;
}

TEST_CASE("output and code of a program arrive, in its folder") {
  const testing::TempFolder folder;
  folder.Write("scripts/x.bat", "@echo off\r\necho [%~1]\r\nexit /b 2\r\n");
  Program program;
  program.words = {"scripts\\x.bat", "a b"};
  program.folder = folder.path();
  const auto outcome = Run(program, kNever);
  CAPTURE(outcome.status().message());
  REQUIRE(outcome.ok());
  CHECK(outcome->end == End::kExited);
  CHECK(outcome->code == 2);
  CHECK(ReplaceAll(outcome->output, "\r", "") == "[a b]\n");
}

TEST_CASE("a program that is not there is not found") {
  Program program;
  program.words = {"C:\\no such\\program.exe"};
  CHECK(Run(program, kNever).status().code() == Code::kNotFound);
}

TEST_CASE("much output is kept up to the bound, and holds nobody up") {
  const testing::TempFolder folder;
  const std::string file =
      ReplaceAll(folder.Write("big.txt", std::string(300000, 'x') + "\r\n"), "/", "\\");
  Program program = Line("cmd /c type \"" + file + "\" & type \"" + file + "\"");
  program.max_output = 500000;
  const auto outcome = Run(program, kNever);
  REQUIRE(outcome.ok());
  CHECK(outcome->output.size() == program.max_output);
  CHECK(outcome->cut);
}

TEST_CASE("a program that takes too long is ended with what it started") {
  Program program = Line("cmd /c cmd /c ping -n 60 127.0.0.1");
  program.limit = milliseconds(700);
  const auto start = steady_clock::now();
  const auto outcome = Run(program, kNever);
  REQUIRE(outcome.ok());
  CHECK(outcome->end == End::kTimedOut);
  program.limit = std::chrono::minutes(1);
  const auto gone = Run(program, [] { return true; });
  REQUIRE(gone.ok());
  CHECK(gone->end == End::kCancelled);
  CHECK(steady_clock::now() - start < std::chrono::seconds(15));
}

}  // namespace
}  // namespace nscp::process
