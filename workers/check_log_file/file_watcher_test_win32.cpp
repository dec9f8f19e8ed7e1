// Windows' own news of changes.
#include <doctest/doctest.h>

#include <thread>

#include "tests/unit/temp_folder.h"
#include "workers/check_log_file/file_watcher.h"

namespace nscp::check_log_file {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kLong{20};

TEST_CASE("a change of a watched file wakes, and others do not") {
  const testing::TempFolder folder;
  const auto watcher = MakeFileWatcher();
  watcher->Watch({folder.File("App.log"), folder.File("none/x.log")});
  const auto start = Clock::now();
  folder.Write("other.txt", "x");
  watcher->Wait(std::chrono::milliseconds(200));
  CHECK(Clock::now() - start >= std::chrono::milliseconds(190));
  folder.Write("app.log", "line\n");
  watcher->Wait(kLong);
  CHECK(Clock::now() - start < kLong);
}

TEST_CASE("a wake from another thread ends the wait, also the next one") {
  const auto watcher = MakeFileWatcher();
  const auto start = Clock::now();
  watcher->Wake();
  watcher->Wait(kLong);
  std::thread other([&] { watcher->Wake(); });
  watcher->Wait(kLong);
  other.join();
  CHECK(Clock::now() - start < kLong);
}

}  // namespace
}  // namespace nscp::check_log_file
