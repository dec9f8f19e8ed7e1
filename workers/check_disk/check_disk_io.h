// check_disk_io and check_disk_health: how busy disks are, and how full what lies on them
// is (modules.md C2). Any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "workers/check_disk/disk_activity.h"
#include "workers/check_disk/mounts.h"
#include "workers/check_disk/space.h"
#include "workers/check_disk/windows_storage.h"
#include "workers/checks/check.h"

namespace nscp::check_disk {

class DiskIoCheck {
 public:
  // Asked only when it comes to judging.
  using Disks = std::function<Result<std::vector<DiskActivity>>()>;

  DiskIoCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Disks& disks) const;

 private:
  checks::Check<DiskActivity> check_;
};

// A file system with the activity of the disk below it, a disk without one, or what the
// system knows of a physical disk.
struct HealthRow {
  std::string name;
  std::optional<Space> space;
  std::optional<DiskActivity> activity;
  std::optional<PhysicalDisk> device = {};
};

class DiskHealthCheck {
 public:
  // What one run needs from outside.
  struct Host {
    // Empty where somebody switched its collecting off.
    std::function<Result<std::vector<DiskActivity>>()> disks;
    std::function<Result<std::vector<Mount>>()> mounts;
    // DeadlineExceeded where a file system does not answer.
    std::function<Result<Space>(const std::string& path)> space;
    // The name of the disk under a mount, empty for none.
    std::function<std::string(const Mount&)> disk_under;
    // Empty where the system tells nothing of its physical disks.
    std::function<Result<std::vector<PhysicalDisk>>()> devices = {};
  };

  DiskHealthCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Host& host) const;

 private:
  checks::Check<HealthRow> check_;
};

}  // namespace nscp::check_disk
