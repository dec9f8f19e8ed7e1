#include <windows.h>

#include <winioctl.h>

#include "proto/cpp/windows_win32.h"
#include "workers/check_disk/disk_counters.h"
#include "workers/check_disk/drive_names.h"
#include "workers/check_disk/quiet_errors_win32.h"

namespace nscp::check_disk {
namespace {

uint64_t Unsigned(const LARGE_INTEGER& number) {
  return static_cast<uint64_t>(number.QuadPart);
}

Result<DiskCounters> AskVolume(const Mount& mount) {
  std::wstring device = Wide(mount.device);
  if (!device.empty() && device.back() == L'\\') device.pop_back();
  // Without any right, which these questions do not need.
  const Handle volume(::CreateFileW(device.c_str(), 0, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                    nullptr, OPEN_EXISTING, 0, nullptr));
  const std::string doing = "Failed to read the activity of " + mount.point;
  if (!volume.open()) return LastError(doing);
  DISK_PERFORMANCE found{};
  DWORD size = 0;
  if (!::DeviceIoControl(volume.get(), IOCTL_DISK_PERFORMANCE, nullptr, 0, &found,
                         sizeof(found), &size, nullptr)) {
    return LastError(doing);
  }
  VolumeCounters counted;
  counted.bytes_read = Unsigned(found.BytesRead);
  counted.bytes_written = Unsigned(found.BytesWritten);
  counted.read_time = Unsigned(found.ReadTime);
  counted.write_time = Unsigned(found.WriteTime);
  counted.idle_time = Unsigned(found.IdleTime);
  counted.now = Unsigned(found.QueryTime);
  counted.reads = found.ReadCount;
  counted.writes = found.WriteCount;
  counted.queue = found.QueueDepth;
  counted.splits = found.SplitCount;
  return CountersOfVolume(DiskNameOf(mount), counted);
}

}  // namespace

Result<std::vector<DiskCounters>> ReadDiskCounters() {
  const QuietErrors quiet;
  ASSIGN_OR_RETURN(const std::vector<Mount> mounts, ReadMounts());
  std::vector<DiskCounters> disks;
  Status last = Status::NotFound("There is no local drive whose activity is counted");
  for (const Mount& mount : mounts) {
    const bool is_disk = !mount.pseudo && !mount.point.empty() &&
                         BelongsTo(mount, DriveGroup::kVolumes, PathStyle::kWindows);
    if (!is_disk || disks.size() >= kMaxDisks) continue;
    auto disk = AskVolume(mount);
    if (disk.ok()) {
      disks.push_back(*std::move(disk));
    } else {
      last = disk.status();
    }
  }
  if (disks.empty()) return last;
  return disks;
}

std::string DiskUnder(const Mount& mount) { return DiskNameOf(mount); }

}  // namespace nscp::check_disk
