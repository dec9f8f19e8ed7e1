// Who may enter the folder of uploads, and what leaves it. A folder's time is set where
// systems can.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "gateway/api/uploads.h"
#include "tests/unit/temp_folder.h"

namespace nscp::gateway {
namespace {

mode_t ModeOf(const std::string& path) {
  struct stat found {};
  REQUIRE(::lstat(path.c_str(), &found) == 0);
  return found.st_mode & 0777;
}

TEST_CASE("uploads lie where nobody else may look, whatever the folder was before") {
  const testing::TempFolder folder;
  const std::string uploads = folder.File("uploads");
  REQUIRE(::mkdir(uploads.c_str(), 0755) == 0);
  std::string file;
  {
    const auto upload = UploadedFile::Write(uploads, "a.sh", "x");
    REQUIRE(upload.ok());
    file = upload->file();
    CHECK(ModeOf(uploads) == 0700);
    CHECK(ModeOf(file.substr(0, file.rfind('/'))) == 0700);
    CHECK(::access(file.c_str(), R_OK) == 0);
  }
  CHECK(::access(file.c_str(), F_OK) != 0);
  CHECK(::rmdir(uploads.c_str()) == 0);  // it is empty
}

TEST_CASE("a link is not followed, and a file in the way is an error that names it") {
  const testing::TempFolder folder;
  const std::string uploads = folder.File("uploads");
  REQUIRE(::symlink(folder.path().c_str(), uploads.c_str()) == 0);
  for (int i = 0; i < 2; ++i) {
    const auto upload = UploadedFile::Write(uploads, "a.sh", "x");
    REQUIRE_FALSE(upload.ok());
    CHECK(upload.status().message().find(uploads) != std::string::npos);
    REQUIRE(::unlink(uploads.c_str()) == 0);
    folder.Write("uploads", "a file");
  }
}

TEST_CASE("what an agent that was killed left behind goes when it is old") {
  const testing::TempFolder folder;
  folder.Write("old/a.sh", "x");
  folder.Write("new/a.sh", "x");
  std::filesystem::last_write_time(
      folder.path() + "/old",
      std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  RemoveOldUploads(folder.path());
  CHECK_FALSE(std::filesystem::exists(folder.path() + "/old"));
  CHECK(std::filesystem::exists(folder.path() + "/new/a.sh"));
  RemoveOldUploads(folder.path() + "/none");
}

}  // namespace
}  // namespace nscp::gateway
