// How busy disks were between two readings of their counters, and the keywords of it that
// check_disk_io and check_disk_health share. Plain data and pure functions; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "workers/check_disk/disk_counters.h"
#include "workers/checks/keywords.h"

namespace nscp::check_disk {

// The sum of all disks; of it `busy` is that of the busiest one.
inline constexpr char kAllDisks[] = "_Total";

struct DiskActivity {
  std::string name;
  int64_t read_bytes = 0;  // a second, here and below
  int64_t write_bytes = 0;
  int64_t reads = 0;
  int64_t writes = 0;
  int64_t splits = 0;        // requests that had to be split
  int64_t queue = 0;         // requests that wait or run at the end
  int64_t busy = 0;          // percent of the time, 0 to 100
  double read_latency = 0;   // mean milliseconds of a read; 0 without any
  double write_latency = 0;  // of a write
  double latency = 0;        // of both
};

// Of the disks that are in both readings, then kAllDisks. A disk whose counters went back
// is a new one of the same name and has nothing yet. `passed` is more than 0.
std::vector<DiskActivity> ActivityBetween(const std::vector<DiskCounters>& before,
                                          const std::vector<DiskCounters>& after,
                                          std::chrono::duration<double> passed);

// `get(const Row&)` gives a `const DiskActivity*`, null where nothing is known. The
// performance label of percent_disk_time ends in `busy_suffix`.
template <class Row, class Get>
void AddActivityKeywords(checks::Keywords<Row>& k, Get get, const char* busy_suffix) {
  constexpr char kUnknown[] = "unknown";
  const auto number = [&](const char* name, const char* description, auto of) {
    return k.Integer(name, description,
                     [get, of](const Row& row) -> std::optional<int64_t> {
                       const DiskActivity* disk = get(row);
                       if (disk == nullptr) return std::nullopt;
                       return of(*disk);
                     });
  };
  using Disk = const DiskActivity&;
  const auto plain = [&](const char* name, const char* description, auto of) {
    number(name, description, of).NoValue(kUnknown);
  };
  plain("read_bytes_per_sec", "Bytes read in a second",
        [](Disk d) { return d.read_bytes; });
  plain("write_bytes_per_sec", "Bytes written in a second",
        [](Disk d) { return d.write_bytes; });
  plain("total_bytes_per_sec", "Bytes read and written in a second",
        [](Disk d) { return d.read_bytes + d.write_bytes; });
  plain("reads_per_sec", "Reads in a second", [](Disk d) { return d.reads; });
  plain("writes_per_sec", "Writes in a second", [](Disk d) { return d.writes; });
  plain("iops", "Reads and writes in a second",
        [](Disk d) { return d.reads + d.writes; });
  plain("queue_length", "Requests that wait for the disk or run on it now",
        [](Disk d) { return d.queue; });
  plain("percent_idle_time", "Share of the time without any request, in percent",
        [](Disk d) { return 100 - d.busy; });
  plain("split_io_per_sec", "Requests that had to be split, in a second (Windows only)",
        [](Disk d) { return d.splits; });
  k.Percent("percent_disk_time",
            "Share of the time with at least one request, in percent",
            [get](const Row& row) -> std::optional<int64_t> {
              const DiskActivity* disk = get(row);
              if (disk == nullptr) return std::nullopt;
              return disk->busy;
            })
      .NoValue(kUnknown)
      .Perf("%", busy_suffix);
  const auto latency = [&](const char* name, const char* description,
                           double DiskActivity::*member) {
    k.Real(name, description,
           [get, member](const Row& row) -> std::optional<double> {
             const DiskActivity* disk = get(row);
             if (disk == nullptr) return std::nullopt;
             return disk->*member;
           })
        .NoValue(kUnknown)
        .Perf("ms", std::string("_") + name);
  };
  latency("read_latency", "Mean time of a read in milliseconds, its waiting included",
          &DiskActivity::read_latency);
  latency("write_latency", "Mean time of a write in milliseconds, its waiting included",
          &DiskActivity::write_latency);
  latency("total_latency", "Mean time of a read or write in milliseconds",
          &DiskActivity::latency);
}

}  // namespace nscp::check_disk
