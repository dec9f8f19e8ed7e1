#include <csignal>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/settings/atomic_file.h"
#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

using testing::TempFolder;

constexpr size_t kLimit = 64 * 1024 * 1024;

mode_t ModeOf(const std::string& path) {
  struct stat info {};
  REQUIRE(lstat(path.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

TEST_CASE(
    "a new file is for owner and group, a replaced one keeps its mode and its link") {
  const TempFolder temp;
  const std::string file = temp.File("sub/dir/a");
  REQUIRE(WriteFileAtomically(file, "one").ok());
  CHECK(ModeOf(file) == 0640);
  REQUIRE(chmod(file.c_str(), 0604) == 0);
  const std::string link = temp.File("link");
  REQUIRE(symlink(file.c_str(), link.c_str()) == 0);
  REQUIRE(WriteFileAtomically(link, "two").ok());
  CHECK(temp.Read("sub/dir/a") == "two");
  CHECK(ModeOf(file) == 0604);
  CHECK(std::filesystem::is_symlink(link));
}

TEST_CASE("errors name the file and its number, and what to do about missing rights") {
  const TempFolder temp;
  const auto missing = ReadWholeFile(temp.File("nothing"), kLimit).status();
  CHECK(missing.code() == Code::kNotFound);
  CHECK(missing.message().find(temp.File("nothing")) != std::string::npos);
  CHECK(missing.message().find("errno=2") != std::string::npos);
  CHECK(ReadWholeFile(temp.path(), kLimit).status().code() == Code::kUnavailable);
  temp.Write("big", std::string(100, 'x'));
  CHECK(ReadWholeFile(temp.File("big"), 99).status().code() == Code::kResourceExhausted);
  CHECK(WriteFileAtomically("/proc/nscp-test/x", "y").ok() == false);
  if (geteuid() != 0) {
    REQUIRE(chmod(temp.path().c_str(), 0500) == 0);
    const Status denied = WriteFileAtomically(temp.File("big"), "y");
    CHECK(denied.code() == Code::kPermissionDenied);
    CHECK(denied.message().find("write access") != std::string::npos);
    REQUIRE(chmod(temp.path().c_str(), 0700) == 0);
  }
}

TEST_CASE("a write that fails leaves no temporary file") {
  const TempFolder temp;
  REQUIRE(std::filesystem::create_directory(temp.File("folder")));
  CHECK_FALSE(WriteFileAtomically(temp.File("folder"), "x").ok());
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(temp.path())) {
    count += entry.exists();
  }
  CHECK(count == 1);
}

TEST_CASE("a lock keeps a second writer waiting, and says so when it has waited enough") {
  const TempFolder temp;
  const std::string file = temp.Write("x", "");
  auto first = LockStore(file);
  REQUIRE(first.ok());
  CHECK(LockStore(file, std::chrono::milliseconds(30)).status().code() ==
        Code::kDeadlineExceeded);
  first->reset();
  CHECK(LockStore(file, std::chrono::milliseconds(30)).ok());
  CHECK(LockStore(temp.File("no/such/folder/x"), std::chrono::milliseconds(30)).ok());
}

[[noreturn]] void WriteForEver(const std::string& file, int report) {
  const std::string texts[] = {std::string(300000, 'a') + "\n",
                               std::string(200000, 'b') + "\n"};
  for (size_t i = 0;; ++i) {
    if (!WriteFileAtomically(file, texts[i % 2]).ok()) _exit(1);
    if (write(report, "x", 1) != 1) _exit(1);
  }
}

TEST_CASE("a writer that is killed at any moment leaves a whole file") {
  const TempFolder temp;
  const std::string file = temp.Write("x", std::string(300000, 'a') + "\n");
  for (int round = 0; round < 20; ++round) {
    int report[2];
    REQUIRE(pipe(report) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      close(report[0]);
      WriteForEver(file, report[1]);
    }
    close(report[1]);
    char byte = 0;
    for (int i = 0; i <= round % 3; ++i) REQUIRE(read(report[0], &byte, 1) == 1);
    // The child is somewhere in its next write now; where, differs from round to round.
    for (int i = 0; i < round * 20; ++i) std::this_thread::yield();
    REQUIRE(kill(child, SIGKILL) == 0);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    close(report[0]);
    CHECK(WIFSIGNALED(status));
    const std::string text = temp.Read("x");
    const bool whole = text == std::string(300000, 'a') + "\n" ||
                       text == std::string(200000, 'b') + "\n";
    CHECK(whole);
  }
}

}  // namespace
}  // namespace nscp::kernel
