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

// Texts are bytes and need not be UTF-8.
struct Mount {
  std::string device;      // "/dev/sda1", "server:/export"
  std::string point;       // where it is mounted
  std::string filesystem;  // "ext4"
  DriveType type = DriveType::kFixed;
  bool pseudo = false;  // no real drive: left out where all drives are meant
};

// In the order in which they were mounted; of several on one point the last, which covers
// the others.
Result<std::vector<Mount>> ReadMounts();

// The text of Linux's /proc/self/mountinfo (proc(5)).
std::vector<Mount> ParseMountInfo(std::string_view text);

// The mount on which `path` lies, by their names; null without one.
const Mount* FindMount(const std::vector<Mount>& mounts, std::string_view path);

}  // namespace nscp::check_disk
