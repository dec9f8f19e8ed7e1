// Numbers and texts of the scheduler, constructed after Microsoft's documentation.
#include "workers/check_tasksched/task.h"

#include <doctest/doctest.h>

namespace nscp::check_tasksched {
namespace {

TEST_CASE("durations of tasks are read") {
  struct Case {
    const char* text;
    std::optional<int64_t> seconds;
  };
  const Case cases[] = {
      {"PT72H", 259200},
      {"P3D", 259200},
      {"PT1H30M", 5400},
      {"P1DT2H3M4S", 93784},
      {"P1M", 2592000},
      {"P1Y", 31536000},
      {"PT0S", 0},
      {"PT", std::nullopt},
      {"P", std::nullopt},
      {"", std::nullopt},
      {"PT5", std::nullopt},
      {"P5S", std::nullopt},
      {"PTH", std::nullopt},
      {"P1H", std::nullopt},
      {"PT1D", std::nullopt},
      {"P1DTT1H", std::nullopt},
      {"PT-1H", std::nullopt},
      {"P1T2H", std::nullopt},
      {"1H", std::nullopt},
      {"PT99999999999999999999H", std::nullopt},
      {"P101Y", std::nullopt},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(ParseXsDuration(c.text) == c.seconds);
  }
}

TEST_CASE("exit codes have words") {
  CHECK(ExitWords(0) == "success");
  CHECK(ExitWords(3) == "exit code 3");
  CHECK(ExitWords(0x41301) == "is running");
  CHECK(ExitWords(0x41303) == "has not run yet");
  // As LastTaskResult has them, below 0.
  CHECK(ExitWords(-2147024894) == "the file was not found (0x80070002)");
  CHECK(ExitWords(-1073741510) == "was ended by Ctrl+C (0xC000013A)");
  CHECK(ExitWords(-2147216609) == "an instance is running already (0x8004131F)");
  CHECK(ExitWords(-1) == "0xFFFFFFFF");
  CHECK(ExitWords(0x12345) == "0x00012345");
}

TEST_CASE("states have words, of both schedulers") {
  CHECK(StatusWord(3) == "ready");
  CHECK(StatusWord(4) == "running");
  CHECK(StatusWord(1) == "disabled");
  CHECK(StatusWord(0x41301) == "running");
  CHECK(StatusWord(0x41304) == "no_more_runs");
  CHECK(StatusWord(77) == "77");
}

TEST_CASE("a run long ago is none") {
  CHECK_FALSE(RunTime(0));
  CHECK_FALSE(RunTime(-2209161600));  // 1899-12-30
  CHECK_FALSE(RunTime(943920000));    // 1999-11-30
  CHECK(RunTime(1700000000) == 1700000000);
}

}  // namespace
}  // namespace nscp::check_tasksched
