#include <dirent.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>

#include "proto/cpp/text.h"
#include "workers/check_disk/disk_counters.h"

namespace nscp::check_disk {
namespace {

// "/dev/mapper/vg-root" is "/dev/dm-0"; empty where there is no such file.
std::string RealPath(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr),
                                                    &std::free);
  return real == nullptr ? "" : real.get();
}

std::vector<std::string> ReadSlaves(const std::string& name) {
  std::vector<std::string> slaves;
  const std::string path = "/sys/class/block/" + name + "/slaves";
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), &::closedir);
  if (folder == nullptr) return slaves;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (entry->d_name[0] != '.' && slaves.size() < kMaxDisks) {
      slaves.emplace_back(entry->d_name);
    }
  }
  return slaves;
}

}  // namespace

Result<std::vector<DiskCounters>> ReadDiskCounters() {
  constexpr char kPath[] = "/proc/diskstats";
  constexpr size_t kMaxText = 4 * 1024 * 1024;
  constexpr size_t kChunk = 16 * 1024;
  errno = 0;
  std::ifstream file(kPath, std::ios::binary);
  if (!file) {
    return Status::Unavailable("Failed to open " + std::string(kPath) + ": " +
                               std::strerror(errno));
  }
  std::string text;
  while (file && text.size() < kMaxText) {
    const size_t before = text.size();
    text.resize(before + kChunk);
    file.read(text.data() + before, static_cast<std::streamsize>(kChunk));
    text.resize(before + static_cast<size_t>(file.gcount()));
  }
  return ParseDiskStats(text);
}

std::string DiskUnder(const Mount& mount) {
  // The number is right whatever the device is called, but some file systems (btrfs) have
  // one of their own, which is no block device's.
  std::string path =
      mount.number.empty() ? "" : RealPath("/sys/dev/block/" + mount.number);
  if (path.empty() && StartsWith(mount.device, "/dev/")) path = RealPath(mount.device);
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return "";
  return WholeDiskOf(path.substr(slash + 1), &ReadSlaves);
}

}  // namespace nscp::check_disk
