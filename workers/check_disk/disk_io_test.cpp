#include <doctest/doctest.h>

#include <algorithm>

#include "workers/check_disk/check_disk_io.h"
#include "workers/check_disk/disk_collector.h"

namespace nscp::check_disk {
namespace {

using sdk::State;
using std::chrono::seconds;
using Words = std::vector<std::string>;

// The lines of loop0, vda and zram0 are recorded (cat /proc/diskstats, Linux 6.18 in a
// virtual machine), that of sda1 is the example of Linux's
// Documentation/admin-guide/iostats.rst, the others are constructed.
constexpr char kDiskStats[] =
    "   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
    " 254       0 vda 282416 106476 42229394 273069 1202046 478858 597136496 5078548 0 "
    "740440 5722007 464410 455 543216504 348222 146630 22167\n"
    " 253       0 zram0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
    "   8       0 sda 1 2 3 4 5 6 7 8 9 10 11\n"
    "   8       1 sda1 35486 0 35496 38030 0 0 0 0 0 38030 38030\n"
    " 259       0 nvme0n1 1 0 1 1 1 0 1 1 0 1 1\n"
    " 259       1 nvme0n1p1 1 0 1 1 1 0 1 1 0 1 1\n"
    " 202       1 xvda1 5 0 5 5 5 0 5 5 0 5 5\n"
    " 253       1 dm-0 1 0 1 1 1 0 1 1 0 1 1\n"
    "   9       0 md127 1 0 1 1 1 0 1 1 0 1 1\n"
    "  11       0 sr0 1 0 1 1 1 0 1 1 0 1 1\n"
    "   8      16 sdb 1 0 1\n"
    "   8      32 sdc a b c d e f g h i j k\n"
    "   8       0 sda 1 2 3 4 5 6 7 8 9 10 11\n"
    "garbage\n\n";

TEST_CASE("whole disks are read from the kernel's table, once each") {
  const auto disks = ParseDiskStats(kDiskStats);
  Words names;
  for (const auto& disk : disks) names.push_back(disk.name);
  CHECK(names == Words{"vda", "sda", "nvme0n1", "xvda1"});
  CHECK(disks[0].reads == 282416);
  CHECK(disks[0].sectors_read == 42229394);
  CHECK(disks[0].read_ms == 273069);
  CHECK(disks[0].writes == 1202046);
  CHECK(disks[0].sectors_written == 597136496);
  CHECK(disks[0].write_ms == 5078548);
  CHECK(disks[0].in_flight == 0);
  CHECK(disks[0].busy_ms == 740440);
  CHECK(ParseDiskStats("").empty());
}

TEST_CASE("a device is traced down to the disk below it") {
  const Slaves slaves = [](const std::string& name) -> Words {
    if (name == "dm-0") return {"dm-1"};
    if (name == "dm-1") return {"md0"};
    if (name == "md0") return {"sdb2", "sda2"};
    if (name == "loop") return {"loop"};
    return {};
  };
  const struct {
    const char* name;
    const char* disk;
  } rows[] = {{"sda1", "sda"},          {"sda", "sda"},   {"nvme0n1p2", "nvme0n1"},
              {"nvme0n1", "nvme0n1"},   {"dm-0", "sda"},  {"md0p1", "sda"},
              {"mmcblk0p1", "mmcblk0"}, {"vda15", "vda"}, {"dasda1", "dasda"},
              {"loop", "loop"},         {"nbd0", "nbd0"}, {"1", "1"}};
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(WholeDiskOf(row.name, slaves) == row.disk);
  }
}

DiskCounters Counted(const char* name, uint64_t scale) {
  DiskCounters disk;
  disk.name = name;
  disk.reads = 10 * scale;
  disk.sectors_read = 80 * scale;
  disk.read_ms = 20 * scale;
  disk.writes = 30 * scale;
  disk.sectors_written = 160 * scale;
  disk.write_ms = 180 * scale;
  disk.in_flight = 3;
  disk.busy_ms = 500 * scale;
  return disk;
}

TEST_CASE("rates are differences over the time that passed") {
  const auto disks = ActivityBetween({Counted("sda", 1), Counted("sdb", 1)},
                                     {Counted("sda", 3), Counted("sdb", 1)}, seconds(2));
  REQUIRE(disks.size() == 3);
  CHECK(disks[0].name == "sda");
  CHECK(disks[0].reads == 10);
  CHECK(disks[0].writes == 30);
  CHECK(disks[0].read_bytes == 80 * 512);
  CHECK(disks[0].write_bytes == 160 * 512);
  CHECK(disks[0].busy == 50);
  CHECK(disks[0].queue == 3);
  CHECK(disks[0].read_latency == 2);
  CHECK(disks[0].write_latency == 6);
  CHECK(disks[0].latency == 5);
  CHECK(disks[1].busy == 0);
  CHECK(disks[1].latency == 0);
  CHECK(disks[2].name == kAllDisks);
  CHECK(disks[2].reads == 10);
  CHECK(disks[2].queue == 6);
  CHECK(disks[2].busy == 50);
  CHECK(disks[2].latency == 5);
}

TEST_CASE("counters of 32 bits run over, a disk is replaced, a new one comes") {
  DiskCounters before = Counted("sda", 1);
  before.busy_ms = UINT32_MAX - 99;
  DiskCounters after = Counted("sda", 2);
  after.busy_ms = 900;
  const auto over = ActivityBetween({before}, {after}, seconds(10));
  CHECK(over[0].busy == 10);
  const auto replaced =
      ActivityBetween({Counted("sda", 5)}, {Counted("sda", 1)}, seconds(1));
  REQUIRE(replaced.size() == 1);
  CHECK(replaced[0].name == kAllDisks);
  CHECK(ActivityBetween({}, {Counted("sda", 1)}, seconds(1)).size() == 1);
  // More busy than time passed, as rounding may have it.
  CHECK(ActivityBetween({Counted("a", 0)}, {Counted("a", 9)}, seconds(1))[0].busy == 100);
}

// Gives recorded answers one after the other; then errors.
class FakeCounters {
 public:
  Result<std::vector<DiskCounters>> operator()() {
    if (broken) return Status::Unavailable("Failed to open /proc/diskstats");
    return std::vector<DiskCounters>{Counted("sda", ++read)};
  }
  bool broken = false;
  uint64_t read = 0;
};

TEST_CASE("the collector tells what it has, how old it is and when it gave up") {
  FakeCounters counters;
  auto now = DiskCollector::Clock::time_point() + std::chrono::hours(1);
  Words complaints;
  DiskCollector collector([&] { return counters(); },
                          [&](const std::string& text) { complaints.push_back(text); },
                          [&] { return now; });
  const auto soon = [] { return DiskCollector::Clock::now(); };
  CHECK(collector.Latest(soon()).status().message() == "Collector not started");

  collector.Configure(seconds(10), 3);
  CHECK(collector.Sample());
  CHECK(collector.Latest(soon()).status().message() ==
        "No disk activity available yet (collector still initializing)");
  now += seconds(10);
  CHECK(collector.Sample());
  const auto latest = collector.Latest(soon());
  REQUIRE(latest.ok());
  CHECK((*latest)[0].name == "sda");

  now += seconds(30);
  CHECK(collector.Latest(soon()).ok());
  now += seconds(1);
  CHECK(collector.Latest(soon()).status().message() ==
        "The newest disk activity is 31 seconds old");
  counters.broken = true;
  CHECK(collector.Sample());
  CHECK(collector.Latest(soon()).status().message() ==
        "The newest disk activity is 31 seconds old: Failed to open /proc/diskstats");
  CHECK(collector.Sample());
  CHECK_FALSE(collector.Sample());
  CHECK(
      collector.Latest(soon()).status().message() ==
      "The activity of disks is not collected any more: Failed to open /proc/diskstats");
  REQUIRE(complaints.size() == 2);
  CHECK(complaints[0] == "Failed to open /proc/diskstats");
  CHECK(
      complaints[1] ==
      "The activity of disks is not collected any more after 3 failures: Failed to open "
      "/proc/diskstats. Reload the module to try again.");
  collector.Stop();
  CHECK(collector.Latest(soon()).status().message() == "Collector not started");
}

TEST_CASE("a system that tells nothing is asked once and complained of to nobody") {
  Words complaints;
  DiskCollector collector(
      []() -> Result<std::vector<DiskCounters>> {
        return Status::Unimplemented("not read on this system");
      },
      [&](const std::string& text) { complaints.push_back(text); });
  collector.Configure(seconds(10), 3);
  CHECK_FALSE(collector.Sample());
  CHECK(complaints.empty());
  CHECK(collector.Latest(DiskCollector::Clock::now()).status().message() !=
        "No disk activity available yet (collector still initializing)");
}

TEST_CASE("a collector that runs has figures after two readings") {
  FakeCounters counters;
  DiskCollector collector([&] { return counters(); }, {});
  collector.Start();
  collector.Start();
  const auto latest = collector.Latest(DiskCollector::Clock::now() + seconds(20));
  REQUIRE(latest.ok());
  CHECK((*latest)[0].name == "sda");
  collector.Stop();
  CHECK(counters.read == 2);
}

DiskActivity Busy(const char* name, int64_t busy) {
  DiskActivity disk;
  disk.name = name;
  disk.busy = busy;
  disk.read_bytes = 1048576;
  disk.write_bytes = 512;
  disk.reads = 100;
  disk.writes = 7;
  disk.queue = 2;
  disk.read_latency = 0.25;
  disk.write_latency = 4.5;
  disk.latency = 0.5;
  return disk;
}

TEST_CASE("check_disk_io judges disks") {
  const std::vector<DiskActivity> all = {Busy("sda", 12), Busy("nvme0n1", 85),
                                         Busy(kAllDisks, 85)};
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{},
       State::kWarning,
       "WARNING: sda: 12% busy, read=1048576B/s write=512B/s q=2, nvme0n1: 85% busy, "
       "read=1048576B/s write=512B/s q=2|'sda'=12%;80;95 'nvme0n1'=85%;80;95"},
      {{"filter=name = '_Total'", "warn=none", "crit=queue_length > 1",
        "detail-syntax=%(name) %(iops) %(total_bytes_per_sec) %(percent_idle_time) "
        "%(split_io_per_sec)"},
       State::kCritical,
       "CRITICAL: _Total 107 1049088 15 0|'_Total_queue_length'=2;0;1"},
      {{"filter=name = 'sda'", "warn=read_latency > 1 or write_latency > 5",
        "crit=total_latency > 0.9", "top-syntax=%(status)"},
       State::kOk,
       "OK: All disk I/O seems ok.|'sda_read_latency'=0.25ms;1;0 "
       "'sda_total_latency'=0.5ms;0;0.9 "
       "'sda_write_latency'=4.5ms;5;0"},
      {{"filter=name = 'sdz'"}, State::kCritical, "CRITICAL: "},
      {{"filter=name = 'sda'", "warn=percent_disk_time > 10%", "perf-syntax=none",
        "top-syntax=%(problem_list)",
        "detail-syntax=%(format_bytes(read_bytes_per_sec))"},
       State::kWarning,
       "1MB"},
  };
  for (const auto& row : rows) {
    const auto result = DiskIoCheck().Run(row.arguments, checks::Environment(), [&] {
      return Result<std::vector<DiskActivity>>(all);
    });
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
  const auto none = DiskIoCheck().Run({}, checks::Environment(), [] {
    return Result<std::vector<DiskActivity>>(
        Status::FailedPrecondition("Collector not started"));
  });
  CHECK(none.state == State::kUnknown);
  CHECK(sdk::FormatPlain(none) == "Collector not started");
}

Mount MountAt(const char* point, const char* device) {
  Mount mount;
  mount.point = point;
  mount.device = device;
  return mount;
}

DiskHealthCheck::Host HealthOf(bool silent) {
  DiskHealthCheck::Host host;
  host.disks = [] {
    return Result<std::vector<DiskActivity>>(
        std::vector<DiskActivity>{Busy("sda", 12), Busy("sdb", 85), Busy(kAllDisks, 85)});
  };
  host.mounts = [] {
    Mount proc = MountAt("/proc", "proc");
    proc.pseudo = true;
    return Result<std::vector<Mount>>(std::vector<Mount>{proc, MountAt("/", "/dev/sda"),
                                                         MountAt("/home", "/dev/sda"),
                                                         MountAt("/net", "server:/x")});
  };
  host.space = [silent](const std::string& path) -> Result<Space> {
    if (path == "/net" && silent) return Status::DeadlineExceeded("/net hangs");
    Space space;
    space.size = 1000;
    space.free = path == "/" ? 150 : 900;
    space.user_free = space.free - 50;
    return space;
  };
  host.disk_under = [](const Mount& mount) {
    return mount.device == "/dev/sda" ? std::string("sda") : std::string();
  };
  return host;
}

TEST_CASE("check_disk_health joins file systems and the disks below them") {
  const auto all =
      DiskHealthCheck().Run({"perf-syntax=none"}, checks::Environment(), HealthOf(false));
  CHECK(all.state == State::kWarning);
  CHECK(sdk::FormatPlain(all) ==
        "WARNING: /: 15% free, 12% busy, q=2 iops=107, /home: 90% free, 12% busy, q=2 "
        "iops=107, /net: 90% free, unknown% busy, q=unknown iops=unknown, sdb: unknown "
        "free, 85% busy, q=2 iops=107");
  const auto perf = DiskHealthCheck().Run(
      {"filter=name in ('/', 'sdb')", "top-syntax=%(status)", "warn=used > 100b",
       "crit=free_pct < 10 or percent_disk_time > 95 or user_free < 1b or size < 1b or "
       "used_pct > 99 or free < 1b"},
      checks::Environment(), HealthOf(false));
  CHECK(sdk::FormatPlain(perf) ==
        "WARNING|'/_free'=150B;0;1 '/'=15%;0;10 '/_percent_disk_time'=12%;0;95 "
        "'/_total'=1000B;0;1 '/_used'=850B;100;0 '/_used_pct'=85%;0;99 "
        "'/_user_free'=100B;0;1 'sdb_percent_disk_time'=85%;0;95");
  const auto silent =
      DiskHealthCheck().Run({"warn=none", "crit=none", "perf-syntax=none"},
                            checks::Environment(), HealthOf(true));
  CHECK(silent.state == State::kUnknown);
  CHECK(sdk::FormatPlain(silent) == "UNKNOWN: /net hangs");
  DiskHealthCheck::Host no_disks = HealthOf(false);
  no_disks.disks = nullptr;
  const auto spaces = DiskHealthCheck().Run({"top-syntax=%(count)", "perf-syntax=none"},
                                            checks::Environment(), no_disks);
  CHECK(sdk::FormatPlain(spaces) == "3");
}

}  // namespace
}  // namespace nscp::check_disk
