// What Windows' management tells of its storage: shadow copies, pools of disks. Any
// thread; asks WMI, within its limits. Sources: Win32_ShadowCopy, Win32_ShadowStorage,
// MSFT_StoragePool, MSFT_PhysicalDisk and MSFT_Disk of Windows' documentation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"
#include "workers/wmi/wmi.h"

namespace nscp::check_disk {

struct ShadowCopy {
  std::string volume;           // "\\?\Volume{...}\"
  std::optional<int64_t> made;  // seconds since 1970
};

// Space that is kept for the copies of a volume; bytes.
struct ShadowStorage {
  std::string volume;  // 'Win32_Volume.DeviceID="\\\\?\\Volume{...}\\"'
  uint64_t used = 0;
  uint64_t allocated = 0;
  uint64_t most = 0;  // kUnbounded: as much as there is
};
constexpr uint64_t kUnbounded = UINT64_MAX;

struct ShadowCopies {
  std::vector<ShadowCopy> copies;
  std::vector<ShadowStorage> storages;
};

struct StoragePool {
  std::string name;
  int64_t health = 0;  // 0 healthy, 1 warning, 2 unhealthy, 5 unknown
  std::string operation;
  uint64_t capacity = 0;  // bytes
  uint64_t used = 0;
  bool is_readonly = false;
};

// A disk as Windows' storage management knows it.
struct PhysicalDisk {
  int64_t number = -1;
  std::string name;
  std::string serial;
  std::string media;   // "HDD", "SSD", "SCM", "Unspecified"
  int64_t health = 5;  // as of a pool
  std::string operation;
  bool is_offline = false;
  bool is_readonly = false;
};

// Unimplemented where there is no WMI.
Result<ShadowCopies> ReadShadowCopies(const wmi::Limits& limits);
Result<std::vector<StoragePool>> ReadStoragePools(const wmi::Limits& limits);
Result<std::vector<PhysicalDisk>> ReadPhysicalDisks(const wmi::Limits& limits);

// What they make of WMI's answers.
ShadowCopies ShadowCopiesFrom(const wmi::Table& copies, const wmi::Table& storages);
std::vector<StoragePool> PoolsFrom(const wmi::Table& pools);
// `states` has what the system does with each disk (MSFT_Disk).
std::vector<PhysicalDisk> DisksFrom(const wmi::Table& disks, const wmi::Table& states);

// "Healthy", "Warning", "Unhealthy", "Unknown".
const char* HealthName(int64_t health);
// "{...}" out of a volume's name or a reference to it, in lower case; empty without one.
std::string VolumeGuid(std::string_view text);

}  // namespace nscp::check_disk
