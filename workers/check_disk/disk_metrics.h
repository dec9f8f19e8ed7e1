// The metrics of CheckDisk (modules.md C2, "Metrics"): the space on real drives, as
// figures of the bundle `disk.free`, and how busy disks are, as `disk.io`. Any thread.
#pragma once

#include <chrono>
#include <vector>

#include "workers/check_disk/disk_activity.h"
#include "workers/check_disk/mounts.h"
#include "workers/check_disk/space_reader.h"
#include "workers/sdk/metric.h"

namespace nscp::check_disk {

// Drives beyond are left out: a snapshot of all metrics has to stay small.
constexpr size_t kMaxDrivesInMetrics = 500;

// Asks `reader` about each mount that is no pseudo file system, until `deadline` at most.
// A drive that does not answer has no figures.
std::vector<sdk::Metric> DriveMetrics(const std::vector<Mount>& mounts,
                                      SpaceReader& reader,
                                      SpaceReader::Clock::time_point deadline);

// Of each disk and of all together; kMaxDrivesInMetrics at most.
void AddActivityMetrics(const std::vector<DiskActivity>& disks,
                        std::vector<sdk::Metric>& out);

}  // namespace nscp::check_disk
