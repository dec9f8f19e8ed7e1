// What disks have done since the system's start, as its kernel counts it. Any thread.
// Sources: Linux, Documentation/admin-guide/iostats.rst; on Windows
// IOCTL_DISK_PERFORMANCE of each volume, as the performance object LogicalDisk has it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"
#include "workers/check_disk/mounts.h"

namespace nscp::check_disk {

// The rest is left out.
constexpr size_t kMaxDisks = 10000;
constexpr uint64_t kSectorBytes = 512;  // of the counters, whatever the disk's own are

// The times are of 32 bits and begin anew at their end.
struct DiskCounters {
  std::string name;  // "sda", "nvme0n1", "C:"
  uint64_t reads = 0;
  uint64_t sectors_read = 0;
  uint64_t read_ms = 0;
  uint64_t writes = 0;
  uint64_t sectors_written = 0;
  uint64_t write_ms = 0;
  uint64_t in_flight = 0;  // requests that wait or run now
  uint64_t busy_ms = 0;    // with at least one request
  uint64_t splits = 0;     // requests that were split (Windows only)
};

// Whole disks that are devices of their own: no partitions and nothing that lies on other
// disks or in memory (loop, ram, zram, dm-, md, sr, fd).
Result<std::vector<DiskCounters>> ReadDiskCounters();

// What Windows counts of a volume (DISK_PERFORMANCE of winioctl.h), times in tenths of a
// microsecond.
struct VolumeCounters {
  uint64_t bytes_read = 0;
  uint64_t bytes_written = 0;
  uint64_t read_time = 0;
  uint64_t write_time = 0;
  uint64_t idle_time = 0;
  uint64_t now = 0;  // when it was asked
  uint64_t reads = 0;
  uint64_t writes = 0;
  uint64_t queue = 0;
  uint64_t splits = 0;
};
DiskCounters CountersOfVolume(std::string name, const VolumeCounters& counted);

// The text of Linux's /proc/diskstats. A line that is none is passed over.
std::vector<DiskCounters> ParseDiskStats(std::string_view text);

// Names of the devices that a device lies on: LVM and RAID.
using Slaves = std::function<std::vector<std::string>(const std::string& name)>;
// The whole disk that a block device lies on, the first by name of several: "sda1" gives
// "sda". Goes down at most kMaxStack devices.
constexpr int kMaxStack = 8;
std::string WholeDiskOf(std::string name, const Slaves& slaves);
// The whole disk under a mount; empty for what lies on none (a network, memory). Reads
// /sys and /dev, never the file system itself. On Windows the volume's own name, whose
// counters are its alone.
std::string DiskUnder(const Mount& mount);

}  // namespace nscp::check_disk
