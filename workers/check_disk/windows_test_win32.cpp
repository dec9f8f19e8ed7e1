// The calls of Windows itself, against what this Windows has.
#include <doctest/doctest.h>

#include <windows.h>

#include <algorithm>

#include "proto/cpp/windows_win32.h"
#include "tests/unit/temp_folder.h"
#include "workers/check_disk/file_content.h"
#include "workers/check_disk/file_origin.h"
#include "workers/check_disk/file_tree.h"
#include "workers/check_disk/mounts.h"
#include "workers/check_disk/shares.h"
#include "workers/check_disk/space.h"
#include "workers/check_disk/windows_path_win32.h"

namespace nscp::check_disk {
namespace {

constexpr char kKernel[] = R"(C:\windows\system32\kernel32.dll)";

std::vector<std::string> NamesBelow(const std::string& start, const char* pattern) {
  WalkWish wish;
  wish.pattern = pattern;
  std::vector<std::string> names;
  const auto outcome = MakeFileTree()->Walk(start, wish, [&](FoundFile&& file) {
    names.push_back(*file.folder + "|" + file.name);
    return true;
  });
  CHECK(outcome.ok());
  std::sort(names.begin(), names.end());
  return names;
}

TEST_CASE("the drive of the system is listed once, with a volume and a kind") {
  const auto mounts = ReadMounts();
  REQUIRE(mounts.ok());
  const auto is_c = [](const Mount& mount) { return mount.point == "C:\\"; };
  REQUIRE(std::count_if(mounts->begin(), mounts->end(), is_c) == 1);
  const Mount& c = *std::find_if(mounts->begin(), mounts->end(), is_c);
  CHECK(c.device.rfind(R"(\\?\Volume{)", 0) == 0);
  CHECK(c.type == DriveType::kFixed);
  CHECK_FALSE(c.filesystem.empty());
}

TEST_CASE("space is read of a drive, a folder and a volume alike") {
  const auto drive = ReadSpace("C:\\");
  REQUIRE(drive.ok());
  CHECK(drive->size > 0);
  CHECK(drive->free <= drive->size);
  CHECK(ReadSpace("c:").ok());
  CHECK(ReadSpace("C:/windows")->size == drive->size);
  CHECK(ReadSpace("Q:\\").status().code() == Code::kNotFound);
  CHECK(ReadSpace("C:\\no such folder").status().code() == Code::kNotFound);
}

TEST_CASE("names match in any case, and folders are written in Windows' way") {
  const testing::TempFolder folder;
  folder.Write("Upper.TXT", "x");
  folder.Write("\xc3\x84rger.log", "yy");
  std::string windows_folder = folder.path();
  std::replace(windows_folder.begin(), windows_folder.end(), '/', '\\');
  CHECK(NamesBelow(folder.path(), "*.txt") ==
        std::vector<std::string>{windows_folder + "|Upper.TXT"});
  CHECK(NamesBelow(folder.path(), "\xc3\xa4*.LOG").size() == 1);
  CHECK(NamesBelow(folder.path(), "*.*").size() == 2);
  const auto file = MakeFileTree()->Look(folder.File("upper.txt"));
  REQUIRE(file.ok());
  CHECK(file->facts.size == 1);
  CHECK((file->facts.attributes & FILE_ATTRIBUTE_ARCHIVE) != 0);
  CHECK(*file->folder == windows_folder);
  CHECK_FALSE(MakeFileTree()->Look(folder.File("none")).ok());
}

TEST_CASE("paths beyond MAX_PATH are walked and read") {
  const testing::TempFolder folder;
  std::string path = folder.path();
  const std::string part(100, 'd');
  for (int i = 0; i < 4; ++i) {
    path += "\\" + part;
    REQUIRE(::CreateDirectoryW(SystemPath(path).c_str(), nullptr));
  }
  const std::string name = path + "\\deep.txt";
  {
    const Handle file(::CreateFileW(SystemPath(name).c_str(), GENERIC_WRITE, 0, nullptr,
                                    CREATE_NEW, 0, nullptr));
    REQUIRE(file.open());
    DWORD written = 0;
    ::WriteFile(file.get(), "a\nb\n", 4, &written, nullptr);
  }
  CHECK(NamesBelow(folder.path(), "*").size() == 1);
  CHECK(FileContent(name, {}).LineCount() == 2);
  CHECK(MakeFileTree()->Look(name)->facts.size == 4);
  ::DeleteFileW(SystemPath(name).c_str());
  for (int i = 0; i < 4; ++i) {
    ::RemoveDirectoryW(SystemPath(path).c_str());
    path.resize(path.rfind('\\'));
  }
}

TEST_CASE("a program of the system has a version and an owner") {
  const std::string version = FileVersion(kKernel);
  CHECK(std::count(version.begin(), version.end(), '.') == 3);
  CHECK(FileVersion(R"(C:\windows\win.ini)") == "");
  CHECK(FileVersion("C:\\none") == "");
  CHECK_FALSE(FileOwner(kKernel).empty());
  CHECK(FileOwner("C:\\none") == "");
}

TEST_CASE("shares are listed, or it is said why not") {
  const auto shares = ReadShares();
  if (!shares.ok()) {
    CHECK(shares.status().message().find("Failed to list the shares") == 0);
  }
}

}  // namespace
}  // namespace nscp::check_disk
