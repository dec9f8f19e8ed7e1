#include "workers/check_disk/disk_activity.h"

#include <algorithm>
#include <map>

namespace nscp::check_disk {
namespace {

// What was done between two readings.
struct Work {
  uint64_t reads = 0;
  uint64_t bytes_read = 0;
  uint64_t read_ms = 0;
  uint64_t writes = 0;
  uint64_t bytes_written = 0;
  uint64_t write_ms = 0;
  uint64_t splits = 0;
};

bool WentBack(const DiskCounters& before, const DiskCounters& after) {
  return after.reads < before.reads || after.writes < before.writes ||
         after.sectors_read < before.sectors_read ||
         after.sectors_written < before.sectors_written;
}

// The counters of times have 32 bits.
uint64_t Milliseconds(uint64_t before, uint64_t after) {
  return static_cast<uint32_t>(after - before);
}

Work WorkBetween(const DiskCounters& before, const DiskCounters& after) {
  Work work;
  work.reads = after.reads - before.reads;
  work.bytes_read = (after.sectors_read - before.sectors_read) * kSectorBytes;
  work.read_ms = Milliseconds(before.read_ms, after.read_ms);
  work.writes = after.writes - before.writes;
  work.bytes_written = (after.sectors_written - before.sectors_written) * kSectorBytes;
  work.write_ms = Milliseconds(before.write_ms, after.write_ms);
  work.splits = after.splits - std::min(before.splits, after.splits);
  return work;
}

void AddWork(const Work& more, Work& sum) {
  sum.reads += more.reads;
  sum.bytes_read += more.bytes_read;
  sum.read_ms += more.read_ms;
  sum.writes += more.writes;
  sum.bytes_written += more.bytes_written;
  sum.write_ms += more.write_ms;
  sum.splits += more.splits;
}

double Mean(uint64_t milliseconds, uint64_t requests) {
  if (requests == 0) return 0;
  return static_cast<double>(milliseconds) / static_cast<double>(requests);
}

DiskActivity MakeActivity(std::string name, const Work& work, double seconds) {
  const auto in_a_second = [&](uint64_t amount) {
    return static_cast<int64_t>(static_cast<double>(amount) / seconds);
  };
  DiskActivity disk;
  disk.name = std::move(name);
  disk.read_bytes = in_a_second(work.bytes_read);
  disk.write_bytes = in_a_second(work.bytes_written);
  disk.reads = in_a_second(work.reads);
  disk.writes = in_a_second(work.writes);
  disk.splits = in_a_second(work.splits);
  disk.read_latency = Mean(work.read_ms, work.reads);
  disk.write_latency = Mean(work.write_ms, work.writes);
  disk.latency = Mean(work.read_ms + work.write_ms, work.reads + work.writes);
  return disk;
}

}  // namespace

std::vector<DiskActivity> ActivityBetween(const std::vector<DiskCounters>& before,
                                          const std::vector<DiskCounters>& after,
                                          std::chrono::duration<double> passed) {
  constexpr double kMillisecondsInPercent = 10;  // of a second
  std::map<std::string_view, const DiskCounters*> known;
  for (const DiskCounters& disk : before) known[disk.name] = &disk;
  std::vector<DiskActivity> disks;
  Work sum;
  int64_t queue = 0;
  int64_t busiest = 0;
  for (const DiskCounters& now : after) {
    const auto then = known.find(now.name);
    if (then == known.end() || WentBack(*then->second, now)) continue;
    const Work work = WorkBetween(*then->second, now);
    AddWork(work, sum);
    DiskActivity disk = MakeActivity(now.name, work, passed.count());
    const auto busy =
        static_cast<double>(Milliseconds(then->second->busy_ms, now.busy_ms));
    disk.busy = static_cast<int64_t>(
        std::min(100.0, busy / (passed.count() * kMillisecondsInPercent)));
    disk.queue = static_cast<int64_t>(now.in_flight);
    queue += disk.queue;
    busiest = std::max(busiest, disk.busy);
    disks.push_back(std::move(disk));
  }
  DiskActivity total = MakeActivity(kAllDisks, sum, passed.count());
  total.queue = queue;
  total.busy = busiest;
  disks.push_back(std::move(total));
  return disks;
}

}  // namespace nscp::check_disk
