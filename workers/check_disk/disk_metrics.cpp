#include "workers/check_disk/disk_metrics.h"

namespace nscp::check_disk {
namespace {

void AddDrive(const std::string& mount, const Space& space,
              std::vector<sdk::Metric>& out) {
  const std::string bundle = "disk.free";
  const auto total = static_cast<double>(space.size);
  const auto free = static_cast<double>(space.free);
  const auto used = total - free;
  out.push_back({bundle, mount + ".total", total, "Bytes in all"});
  out.push_back({bundle, mount + ".free", free, "Bytes that are free"});
  out.push_back({bundle, mount + ".used", used, "Bytes in use"});
  out.push_back({bundle, mount + ".user_free", static_cast<double>(space.user_free),
                 "Bytes that are free for everybody"});
  out.push_back({bundle, mount + ".free_pct", free * 100 / total, "Free percent"});
  out.push_back({bundle, mount + ".used_pct", used * 100 / total, "Used percent"});
}

}  // namespace

std::vector<sdk::Metric> DriveMetrics(const std::vector<Mount>& mounts,
                                      SpaceReader& reader,
                                      SpaceReader::Clock::time_point deadline) {
  std::vector<sdk::Metric> out;
  size_t drives = 0;
  for (const Mount& mount : mounts) {
    if (mount.pseudo) continue;
    if (++drives > kMaxDrivesInMetrics) break;
    const auto space = reader.Ask(mount.point, deadline);
    if (space.ok() && space->size > 0) AddDrive(mount.point, *space, out);
  }
  return out;
}

}  // namespace nscp::check_disk
