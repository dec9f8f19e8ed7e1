// A drive as check_drivesize judges it, and its keywords. Any thread.
#pragma once

#include <string>

#include "workers/check_disk/mounts.h"
#include "workers/check_disk/space.h"
#include "workers/check_disk/trend.h"
#include "workers/checks/check.h"

namespace nscp::check_disk {

struct DriveRow {
  std::string drive;  // as given, or where it is mounted
  std::string device;
  std::string name;  // its label, else the device
  std::string letter;
  std::string filesystem;
  DriveType type = DriveType::kUnknown;
  bool mounted = true;
  bool readable = true;
  Space space;
  Trend trend;
  // Taken from the trend; of a total the soonest and the sum.
  std::optional<int64_t> full_in;
  std::optional<int64_t> rate;
};

checks::Keywords<DriveRow> DriveKeywords(PathStyle style);

}  // namespace nscp::check_disk
