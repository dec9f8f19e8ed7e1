#include "workers/check_disk/disk_counters.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "proto/cpp/text.h"

namespace nscp::check_disk {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kNoDisks[] = {"loop", "ram", "zram", "dm-", "md", "sr", "fd"};
// Partitions of these are letters and then digits: sda1. Of all others whose name ends in
// a digit: nvme0n1p1.
constexpr std::string_view kLettered[] = {"sd", "hd", "vd", "xvd", "dasd"};

template <size_t size>
bool BeginsWithOne(std::string_view name, const std::string_view (&words)[size]) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return StartsWith(name, word); });
}

// "sda1" gives "sda"; what is no partition by its name stays.
std::string_view WithoutPartition(std::string_view name) {
  const size_t last = name.find_last_not_of(kDigits);
  if (last == std::string_view::npos || last + 1 == name.size()) return name;
  const bool behind_digit =
      name[last] == 'p' && last > 0 && kDigits.find(name[last - 1]) != kDigits.npos;
  if (behind_digit) return name.substr(0, last);
  const std::string_view stem = name.substr(0, last + 1);
  const bool lettered = BeginsWithOne(name, kLettered) &&
                        stem.find_first_of(kDigits) == std::string_view::npos;
  return lettered ? stem : name;
}

bool ParseNumber(const std::string& text, uint64_t& out) {
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, out);
  return error == std::errc() && at == end;
}

// "254 0 vda 282416 106476 42229394 273069 1202046 478858 597136496 5078548 0 740440 ..."
bool ParseCounters(std::string_view line, DiskCounters& disk) {
  constexpr size_t kName = 2;
  const std::vector<std::string> fields = SplitList(line, ' ');
  uint64_t DiskCounters::*const members[] = {
      &DiskCounters::reads,           nullptr,
      &DiskCounters::sectors_read,    &DiskCounters::read_ms,
      &DiskCounters::writes,          nullptr,
      &DiskCounters::sectors_written, &DiskCounters::write_ms,
      &DiskCounters::in_flight,       &DiskCounters::busy_ms};
  if (fields.size() < kName + 1 + std::size(members)) return false;
  disk.name = fields[kName];
  for (size_t i = 0; i < std::size(members); ++i) {
    if (members[i] == nullptr) continue;
    if (!ParseNumber(fields[kName + 1 + i], disk.*members[i])) return false;
  }
  return true;
}

}  // namespace

std::vector<DiskCounters> ParseDiskStats(std::string_view text) {
  std::vector<DiskCounters> all;
  std::set<std::string> names;
  for (size_t at = 0; at < text.size() && all.size() < kMaxDisks;) {
    const size_t end = std::min(text.find('\n', at), text.size());
    DiskCounters disk;
    const bool is_disk = ParseCounters(text.substr(at, end - at), disk) &&
                         !BeginsWithOne(disk.name, kNoDisks);
    if (is_disk && names.insert(disk.name).second) all.push_back(std::move(disk));
    at = end + 1;
  }
  // A virtual machine may have a partition without its disk, which then stands for it.
  const auto is_part = [&](const DiskCounters& disk) {
    const std::string whole(WithoutPartition(disk.name));
    return whole != disk.name && names.count(whole) > 0;
  };
  all.erase(std::remove_if(all.begin(), all.end(), is_part), all.end());
  return all;
}

DiskCounters CountersOfVolume(std::string name, const VolumeCounters& counted) {
  constexpr uint64_t kTicksPerMillisecond = 10000;
  DiskCounters disk;
  disk.name = std::move(name);
  disk.reads = counted.reads;
  disk.sectors_read = counted.bytes_read / kSectorBytes;
  disk.read_ms = counted.read_time / kTicksPerMillisecond;
  disk.writes = counted.writes;
  disk.sectors_written = counted.bytes_written / kSectorBytes;
  disk.write_ms = counted.write_time / kTicksPerMillisecond;
  disk.in_flight = counted.queue;
  // Whatever was not idle; only the difference of two readings means something.
  disk.busy_ms = (counted.now - counted.idle_time) / kTicksPerMillisecond;
  disk.splits = counted.splits;
  return disk;
}

std::string WholeDiskOf(std::string name, const Slaves& slaves) {
  for (int depth = 0; depth < kMaxStack; ++depth) {
    const std::vector<std::string> below = slaves(name);
    if (below.empty()) {
      const std::string whole(WithoutPartition(name));
      if (whole == name) return name;
      name = whole;
    } else {
      name = *std::min_element(below.begin(), below.end());
    }
  }
  return name;
}

}  // namespace nscp::check_disk
