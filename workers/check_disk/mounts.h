// The file systems that are mounted, from the operating system. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_disk {

// More than any machine of today has; the rest is left out.
constexpr size_t kMaxMounts = 10000;

// Kinds of drives; the numbers are what expressions see.
enum class DriveType {
  kUnknown = 0,
  kFixed = 1,
  kRemote = 2,
  kRemovable = 3,
  kCdrom = 4,
  kRamdisk = 5,
  kTotal = 0x77,
};

// "fixed", "remote" ...
const char* DriveTypeName(DriveType type);
// The type with this name, in any case.
Result<DriveType> ParseDriveType(std::string_view name);

// How drives and files are named: "/mnt/data", or "C:\\data" in any case.
enum class PathStyle { kPosix, kWindows };
PathStyle SystemPathStyle();

// Texts are bytes and need not be UTF-8.
struct Mount {
  // "/dev/sda1", "server:/export"; of Windows "\\?\Volume{...}\", "\\server\share"
  std::string device;
  std::string point;       // where it is mounted; empty: nowhere (a volume of Windows)
  std::string label;       // Windows: its name, where that is known without asking it
  std::string filesystem;  // "ext4"
  std::string options;     // "rw,relatime": of this mount, then of its file system
  std::string number;      // "254:0", the device's; empty where there is none
  DriveType type = DriveType::kFixed;
  // No real drive, or one that is listed already: left out where all drives are meant.
  bool pseudo = false;
};

// In the order in which they were mounted; of several on one point the last, which covers
// the others. On Windows local volumes, each of its places a mount of its own, then the
// letters of all else (network, SUBST). Asks no drive that may be slow.
Result<std::vector<Mount>> ReadMounts();

// The text of Linux's /proc/self/mountinfo (proc(5)).
std::vector<Mount> ParseMountInfo(std::string_view text);

// The mount on which `path` lies, by their names; null without one.
const Mount* FindMount(const std::vector<Mount>& mounts, std::string_view path,
                       PathStyle style);

}  // namespace nscp::check_disk
