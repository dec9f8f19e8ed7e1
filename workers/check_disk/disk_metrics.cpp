#include "workers/check_disk/disk_metrics.h"

#include "workers/check_disk/drive_names.h"

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
    if (mount.pseudo || mount.point.empty()) continue;
    if (++drives > kMaxDrivesInMetrics) break;
    const auto space = reader.Ask(mount.point, deadline);
    if (space.ok() && space->size > 0) AddDrive(DiskNameOf(mount), *space, out);
  }
  return out;
}

void AddActivityMetrics(const std::vector<DiskActivity>& disks,
                        std::vector<sdk::Metric>& out) {
  using Disk = const DiskActivity&;
  const struct {
    const char* name;
    const char* description;
    double (*get)(Disk);
  } figures[] = {
      {"read_bytes_per_sec", "Bytes read in a second",
       [](Disk d) { return static_cast<double>(d.read_bytes); }},
      {"write_bytes_per_sec", "Bytes written in a second",
       [](Disk d) { return static_cast<double>(d.write_bytes); }},
      {"reads_per_sec", "Reads in a second",
       [](Disk d) { return static_cast<double>(d.reads); }},
      {"writes_per_sec", "Writes in a second",
       [](Disk d) { return static_cast<double>(d.writes); }},
      {"queue_length", "Requests that wait or run",
       [](Disk d) { return static_cast<double>(d.queue); }},
      {"percent_disk_time", "Percent of the time with a request",
       [](Disk d) { return static_cast<double>(d.busy); }},
      {"percent_idle_time", "Percent of the time without a request",
       [](Disk d) { return static_cast<double>(100 - d.busy); }},
      {"split_io_per_sec", "Split requests in a second",
       [](Disk d) { return static_cast<double>(d.splits); }},
      {"read_latency", "Mean milliseconds of a read",
       [](Disk d) { return d.read_latency; }},
      {"write_latency", "Mean milliseconds of a write",
       [](Disk d) { return d.write_latency; }},
      {"total_latency", "Mean milliseconds of a read or write",
       [](Disk d) { return d.latency; }},
  };
  for (size_t i = 0; i < disks.size() && i < kMaxDrivesInMetrics; ++i) {
    for (const auto& figure : figures) {
      out.push_back({"disk.io", disks[i].name + "." + figure.name, figure.get(disks[i]),
                     figure.description});
    }
  }
}

}  // namespace nscp::check_disk
