#include "workers/check_disk/windows_storage.h"

#include <algorithm>
#include <charconv>

#include "proto/cpp/text.h"

namespace nscp::check_disk {
namespace {

constexpr char kStorage[] = R"(root\Microsoft\Windows\Storage)";

int64_t NumberAt(const wmi::Table& table, const wmi::Row& row, const char* column) {
  return table.At(row, column).integer.value_or(0);
}

uint64_t BytesAt(const wmi::Table& table, const wmi::Row& row, const char* column) {
  return static_cast<uint64_t>(std::max<int64_t>(0, NumberAt(table, row, column)));
}

// A column that is clamped stands for all that there is.
uint64_t BoundAt(const wmi::Table& table, const wmi::Row& row, const char* column) {
  return NumberAt(table, row, column) == INT64_MAX ? kUnbounded
                                                   : BytesAt(table, row, column);
}

std::string OperationName(int64_t status) {
  constexpr const char* kNames[] = {"Unknown",
                                    "Other",
                                    "OK",
                                    "Degraded",
                                    "Stressed",
                                    "Predictive Failure",
                                    "Error",
                                    "Non-Recoverable Error",
                                    "Starting",
                                    "Stopping",
                                    "Stopped",
                                    "In Service",
                                    "No Contact",
                                    "Lost Communication",
                                    "Aborted",
                                    "Dormant",
                                    "Supporting Entity in Error",
                                    "Completed",
                                    "Power Mode"};
  const bool known = status >= 0 && status < static_cast<int64_t>(std::size(kNames));
  return known ? kNames[status] : std::to_string(status);
}

// "[2, 3]" in words.
std::string OperationAt(const wmi::Table& table, const wmi::Row& row) {
  const wmi::Value& value = table.At(row, "OperationalStatus");
  std::vector<std::string> names;
  const std::string list = ReplaceAll(ReplaceAll(value.text, "[", ""), "]", "");
  for (const std::string& part : SplitList(list)) {
    int64_t status = 0;
    const auto read = std::from_chars(part.data(), part.data() + part.size(), status);
    names.push_back(read.ec == std::errc() ? OperationName(status) : part);
  }
  return names.empty() ? "Unknown" : Join(names, ", ");
}

std::string MediaName(int64_t media) {
  constexpr int64_t kHdd = 3;
  constexpr int64_t kSsd = 4;
  constexpr int64_t kScm = 5;
  if (media == kHdd) return "HDD";
  if (media == kSsd) return "SSD";
  return media == kScm ? "SCM" : "Unspecified";
}

wmi::Place StoragePlace() {
  wmi::Place place;
  place.name_space = kStorage;
  return place;
}

}  // namespace

std::string VolumeGuid(std::string_view text) {
  const size_t open = text.find('{');
  const size_t close = text.find('}', std::min(open, text.size()));
  if (close == std::string_view::npos) return "";
  return ToLowerAscii(text.substr(open, close - open + 1));
}

const char* HealthName(int64_t health) {
  constexpr const char* kNames[] = {"Healthy", "Warning", "Unhealthy"};
  const bool known = health >= 0 && health < static_cast<int64_t>(std::size(kNames));
  return known ? kNames[health] : "Unknown";
}

ShadowCopies ShadowCopiesFrom(const wmi::Table& copies, const wmi::Table& storages) {
  ShadowCopies found;
  for (const wmi::Row& row : copies.rows) {
    found.copies.push_back(
        {copies.At(row, "VolumeName").text, copies.At(row, "InstallDate").integer});
  }
  for (const wmi::Row& row : storages.rows) {
    found.storages.push_back(
        {storages.At(row, "Volume").text, BytesAt(storages, row, "UsedSpace"),
         BytesAt(storages, row, "AllocatedSpace"), BoundAt(storages, row, "MaxSpace")});
  }
  return found;
}

std::vector<StoragePool> PoolsFrom(const wmi::Table& pools) {
  std::vector<StoragePool> found;
  for (const wmi::Row& row : pools.rows) {
    // What is not in a pool yet is a "primordial" one.
    if (NumberAt(pools, row, "IsPrimordial") != 0) continue;
    found.push_back({pools.At(row, "FriendlyName").text,
                     pools.At(row, "HealthStatus").integer.value_or(5),
                     OperationAt(pools, row), BytesAt(pools, row, "Size"),
                     BytesAt(pools, row, "AllocatedSize"),
                     NumberAt(pools, row, "IsReadOnly") != 0});
  }
  return found;
}

std::vector<PhysicalDisk> DisksFrom(const wmi::Table& disks, const wmi::Table& states) {
  std::vector<PhysicalDisk> found;
  for (const wmi::Row& row : disks.rows) {
    PhysicalDisk disk;
    const std::string& id = disks.At(row, "DeviceId").text;
    std::from_chars(id.data(), id.data() + id.size(), disk.number);
    disk.name = disks.At(row, "FriendlyName").text;
    disk.serial = Trim(disks.At(row, "SerialNumber").text);
    disk.media = MediaName(NumberAt(disks, row, "MediaType"));
    disk.health = disks.At(row, "HealthStatus").integer.value_or(5);
    disk.operation = OperationAt(disks, row);
    for (const wmi::Row& state : states.rows) {
      if (states.At(state, "Number").integer != disk.number) continue;
      disk.is_offline = NumberAt(states, state, "IsOffline") != 0;
      disk.is_readonly = NumberAt(states, state, "IsReadOnly") != 0;
    }
    found.push_back(std::move(disk));
  }
  return found;
}

Result<ShadowCopies> ReadShadowCopies(const wmi::Limits& limits) {
  ASSIGN_OR_RETURN(
      const wmi::Table copies,
      wmi::Query({}, "SELECT VolumeName, InstallDate FROM Win32_ShadowCopy", limits));
  if (copies.rows.empty()) return ShadowCopies();
  // Copies count without the figures of their space, too.
  const auto storages = wmi::Query(
      {}, "SELECT Volume, UsedSpace, AllocatedSpace, MaxSpace FROM Win32_ShadowStorage",
      limits);
  return ShadowCopiesFrom(copies, storages.ok() ? *storages : wmi::Table());
}

Result<std::vector<StoragePool>> ReadStoragePools(const wmi::Limits& limits) {
  ASSIGN_OR_RETURN(
      const wmi::Table pools,
      wmi::Query(StoragePlace(),
                 "SELECT FriendlyName, HealthStatus, OperationalStatus, Size, "
                 "AllocatedSize, IsReadOnly, IsPrimordial FROM MSFT_StoragePool",
                 limits));
  return PoolsFrom(pools);
}

Result<std::vector<PhysicalDisk>> ReadPhysicalDisks(const wmi::Limits& limits) {
  ASSIGN_OR_RETURN(
      const wmi::Table disks,
      wmi::Query(StoragePlace(),
                 "SELECT DeviceId, FriendlyName, SerialNumber, MediaType, HealthStatus, "
                 "OperationalStatus FROM MSFT_PhysicalDisk",
                 limits));
  ASSIGN_OR_RETURN(
      const wmi::Table states,
      wmi::Query(StoragePlace(), "SELECT Number, IsOffline, IsReadOnly FROM MSFT_Disk",
                 limits));
  return DisksFrom(disks, states);
}

}  // namespace nscp::check_disk
