#include <doctest/doctest.h>

#include <filesystem>

#include "workers/check_disk/disk_counters.h"

namespace nscp::check_disk {
namespace {

namespace fs = std::filesystem;

TEST_CASE("this system's disks, and those below its mounts, are disks to its kernel") {
  const auto disks = ReadDiskCounters();
  REQUIRE(disks.ok());
  for (const DiskCounters& disk : *disks) {
    CAPTURE(disk.name);
    CHECK(fs::exists("/sys/class/block/" + disk.name));
  }
  const auto mounts = ReadMounts();
  REQUIRE(mounts.ok());
  for (const Mount& mount : *mounts) {
    const std::string disk = DiskUnder(mount);
    CAPTURE(mount.point);
    if (mount.number.rfind("0:", 0) != 0) CHECK_FALSE(disk.empty());
    if (!disk.empty()) CHECK(fs::exists("/sys/block/" + disk));
  }
  Mount elsewhere;
  elsewhere.device = "server:/export";
  CHECK(DiskUnder(elsewhere).empty());
  elsewhere.device = "/dev/none";
  elsewhere.number = "0:9999";
  CHECK(DiskUnder(elsewhere).empty());
}

}  // namespace
}  // namespace nscp::check_disk
