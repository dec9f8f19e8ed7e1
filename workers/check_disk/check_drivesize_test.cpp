#include "workers/check_disk/check_drivesize.h"

#include <doctest/doctest.h>

namespace nscp::check_disk {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

constexpr uint64_t kGigabyte = 1ull << 30;

// The first five lines are recorded (Linux 6.18 in a virtual machine), the sixth is the
// example of proc(5), the others are constructed: a network file system, names with a
// blank and a byte that is not UTF-8, a mount over another one, lines that are none.
constexpr char kMountInfo[] =
    "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
    "24 27 0:6 / /dev rw,relatime - devtmpfs devtmpfs rw,size=12355472k,mode=755\n"
    "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n"
    "30 25 0:27 / /dev/shm rw,relatime - tmpfs tmpfs rw,size=24730032k\n"
    "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"
    "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n"
    "50 27 0:50 / /net/home rw shared:5 master:2 - nfs4 server:/export rw\n"
    "51 27 8:1 / /mnt/a\\040b\xff rw - vfat /dev/sda1 rw\n"
    "52 27 8:2 / /mnt2 rw - xfs /dev/sdb2 rw\n"
    "53 27 7:0 / /media/cd ro - iso9660 /dev/sr0 ro\n"
    "garbage\n"
    "54 27 8:3 / /x rw -\n"
    "- - - - - - - -\n";

TEST_CASE("the table of mounts is read, names unescaped, the last of a place kept") {
  const auto mounts = ParseMountInfo(kMountInfo);
  const struct {
    const char* point;
    const char* device;
    const char* filesystem;
    DriveType type;
    bool pseudo;
  } rows[] = {
      {"/proc", "proc", "proc", DriveType::kFixed, true},
      {"/dev", "devtmpfs", "devtmpfs", DriveType::kRamdisk, true},
      {"/", "/dev/vda", "ext4", DriveType::kFixed, false},
      {"/dev/shm", "tmpfs", "tmpfs", DriveType::kRamdisk, true},
      {"/sys/fs/cgroup/unified", "cgroup2", "cgroup2", DriveType::kFixed, true},
      {"/mnt2", "/dev/sdb2", "xfs", DriveType::kFixed, false},
      {"/net/home", "server:/export", "nfs4", DriveType::kRemote, false},
      {"/mnt/a b\xff", "/dev/sda1", "vfat", DriveType::kFixed, false},
      {"/media/cd", "/dev/sr0", "iso9660", DriveType::kCdrom, false},
  };
  REQUIRE(mounts.size() == std::size(rows));
  for (size_t i = 0; i < mounts.size(); ++i) {
    CHECK(mounts[i].point == rows[i].point);
    CHECK(mounts[i].device == rows[i].device);
    CHECK(mounts[i].filesystem == rows[i].filesystem);
    CHECK(mounts[i].type == rows[i].type);
    CHECK(mounts[i].pseudo == rows[i].pseudo);
  }
  CHECK(mounts[2].number == "254:0");
  CHECK(mounts[2].options == "rw,relatime,discard");
  CHECK(mounts[8].options == "ro");
  CHECK(FindMount(mounts, "/net/home/user", PathStyle::kPosix)->point == "/net/home");
  CHECK(FindMount(mounts, "/net/homes", PathStyle::kPosix)->point == "/");
  CHECK(FindMount(mounts, "/dev/shm", PathStyle::kPosix)->point == "/dev/shm");
  CHECK(FindMount(mounts, "relative", PathStyle::kPosix) == nullptr);
}

// What the drives of kMountInfo hold; /net/home does not answer when `silent`.
struct FakeDrives {
  bool silent = false;

  Result<Space> Read(const std::string& path) const {
    Space space;
    if (path == "/" || path == "/var/log") {
      space = {100 * kGigabyte, 70 * kGigabyte, 65 * kGigabyte, 1000, 250, true};
    } else if (path == "/mnt2") {
      space = {10 * kGigabyte, kGigabyte + kGigabyte / 2, kGigabyte, 0, 0, false};
    } else if (path == "/net/home") {
      if (silent) return Status::DeadlineExceeded("The file system of /net/home hangs");
      space = {0, 0, 0, 0, 0, true};
    } else if (path == "/media/cd") {
      return Status::Unavailable("Permission denied");
    } else if (path.rfind("/mnt/a b", 0) == 0) {
      space = {2 * kGigabyte, kGigabyte, kGigabyte, 10, 10, true};
    } else {
      return Status::NotFound("nothing there");
    }
    return space;
  }
};

Trend FakeTrend(const std::string& mount, int64_t window) {
  Trend trend;
  if (mount != "/" && mount != "/mnt2") return trend;
  trend.samples = window / 300;
  trend.span = window;
  trend.slope = mount == "/" ? 1024.0 * 1024 : -2048.0;
  return trend;
}

sdk::CheckResult RunDrives(const Words& arguments, const FakeDrives& drives = {}) {
  const DriveCheck::Host host{
      [] { return Result<std::vector<Mount>>(ParseMountInfo(kMountInfo)); },
      [&](const std::string& path) { return drives.Read(path); }, &FakeTrend};
  return DriveCheck(PathStyle::kPosix).Run(arguments, checks::Environment(), host);
}

TEST_CASE("check_drivesize finds and judges drives") {
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{"drive=/", "warn=used > 80%", "crit=used > 90%"},
       State::kOk,
       "OK All 1 drive(s) are ok|'/ used'=30GB;80;90;0;100 '/ used %'=30%;80;90;0;100"},
      {{"drive=/", "crit=free < 99%"},
       State::kCritical,
       "CRITICAL /: 30GB/100GB used|'/ free'=70GB;0;99;0;100 '/ free %'=70%;0;99;0;100 "
       "'/ "
       "used'=30GB;80;0;0;100 '/ used %'=30%;80;0;0;100"},
      {{"drive=/nope"}, State::kUnknown, "Drive /nope was not found"},
      {{"drive=/nope", "drive=/", "drive=/no"},
       State::kUnknown,
       "Drives /nope, /no were not found"},
      {{"drive=/nope", "ignore-missing"}, State::kOk, "OK: No drives found"},
      {{"drive=/nope", "ignore-missing", "empty-state=critical"},
       State::kCritical,
       "CRITICAL: No drives found"},
      {{"drive=total"}, State::kOk, "OK All 1 drive(s) are ok|'total used'=0B;0;0;0;0"},
      {{"perf-config=*(ignored:true)"},
       State::kWarning,
       "WARNING /mnt2: 8.5GB/10GB used"},
      {{"filter=fs = 'nosuchfs'", "empty-state=warning"},
       State::kWarning,
       "WARNING: No drives found"},
      {{"warn=none", "crit=none", "top-syntax=%(list)", "list-separator=/",
        "detail-syntax=%(drive) %(type)"},
       State::kOk,
       "/ fixed//mnt2 fixed//net/home remote//mnt/a b\xff fixed//media/cd cdrom"},
      {{"warn=none", "crit=none", "top-syntax=%(list)",
        "filter=type in ('remote', 'cdrom')",
        "detail-syntax=%(name) %(id) %(drive_or_id) %(fs) %(letter)%(flags)"},
       State::kOk,
       "server:/export server:/export /net/home nfs4 mounted, readable, writable, "
       "/dev/sr0 "
       "/dev/sr0 /media/cd iso9660 mounted"},
      {{"drive=all-drives", "exclude=/mnt2", "exclude=server:/export",
        "exclude=/media/cd", "total", "warn=used > 25%", "crit=user_used > 60g",
        "top-syntax=%(problem_list)", "perf-syntax=none"},
       State::kWarning,
       "/: 30GB/100GB used, /mnt/a b\xff: 1GB/2GB used, total: 31GB/102GB used"},
      {{"drive=/var/log", "warn=user_free < 66g", "crit=user_free < 10",
        "detail-syntax=%(drive) on %(name): %(user_free) %(user_used) %(user_free_pct)"},
       State::kWarning,
       "WARNING /var/log on /dev/vda: 65GB 35GB 65.00|'/var/log user "
       "free'=65GB;66;10;0;100 '/var/log user free %'=65%;66;10;0;100"},
      {{"drive=/dev/sdb2", "warn=used_pct > 80", "crit=inodes_used_pct > 5",
        "detail-syntax=%(drive) %(used_pct) %(free_pct) %(writable) %(inodes_total)"},
       State::kWarning,
       "WARNING /dev/sdb2 85.00 15.00 0 0|'/dev/sdb2_inodes_used_pct'=0;0;5 "
       "'/dev/sdb2_used_pct'=85;80;0"},
      {{"drive=/", "warn=inodes_free < 300", "crit=inodes_used > 800",
        "detail-syntax=%(inodes_used) of %(inodes_total), %(inodes_free_pct)%"},
       State::kWarning,
       "WARNING 750 of 1000, 25.00%|'/_inodes_free'=250;300;0 '/_inodes_used'=750;0;800"},
      {{"drive=/media/cd", "crit=readable = 0", "warn=none"},
       State::kCritical,
       "CRITICAL /media/cd: 0B/0B used|'/media/cd_readable'=0;0;0"},
      {{"drive=/", "drive=/mnt2", "drive=/net/home", "total", "trend-window=2h",
        "warn=full_in < 1d", "crit=rate > 200g", "top-syntax=%(list)",
        "detail-syntax=%(drive) %(full_in) %(rate) %(trend_samples) %(trend_span)"},
       State::kWarning,
       "/ 19:54 84.375GB/day 24 7200, /mnt2 never -168.75MB/day 24 7200, /net/home never "
       "unknown 0 0, total 19:54 84.21GB/day 48 7200|'/ full_in'=71680s;86400;0 '/ "
       "rate'=90596966400;0;214748364800 '/mnt2 rate'=-176947200;0;214748364800 'total "
       "full_in'=71680s;86400;0 'total rate'=90420019200;0;214748364800"},
      {{"drive=/", "filter=full_in = 'never' or type = 'FIXED'", "warn=none",
        "crit=none"},
       State::kOk,
       "OK All 1 drive(s) are ok"},
      {{"trend-window=soon"},
       State::kUnknown,
       "Invalid trend-window 'soon': Invalid time specification: 'soon'"},
      {{"drive=/", "crit=used > 1.5t", "warn=none",
        "perf-config=used %(ignored:true) used(unit:G)"},
       State::kOk,
       "OK All 1 drive(s) are ok|'/ used'=30G;0;1536;0;100"},
      {{"magic=2"},
       State::kUnknown,
       "Invalid command line: unrecognised option 'magic=2'"},
      {{"filter=type = 'floppy'"},
       State::kUnknown,
       "Failed to validate filter see log for details: Filter expression is not valid: "
       "type = 'floppy'"},
      {{"fetch-only"}, State::kOk, "/ ext4 104857600 31457280 68157440 30% /"},
  };
  for (const auto& row : rows) {
    const auto result = RunDrives(row.arguments);
    const std::string text = sdk::FormatPlain(result);
    CHECK(text.substr(0, text.find('\n')) == row.text);
    CHECK(result.state == row.state);
  }
}

TEST_CASE("a drive that does not answer is no OK, and the others are judged") {
  const FakeDrives silent{true};
  const auto all = RunDrives({"perf-syntax=none"}, silent);
  CHECK(sdk::FormatPlain(all) ==
        "WARNING /mnt2: 8.5GB/10GB used, The file system of /net/home hangs");
  const auto one = RunDrives({"drive=/net/home", "drive=/", "perf-syntax=none"}, silent);
  CHECK(one.state == State::kUnknown);
  CHECK(one.lines[0].message == "UNKNOWN: The file system of /net/home hangs");
  const auto asked =
      RunDrives({"drive=/net/home", "crit=readable = 0", "perf-syntax=none"}, silent);
  CHECK(sdk::FormatPlain(asked) == "CRITICAL /net/home: 0B/0B used");
}

TEST_CASE("without a table of mounts there is no answer") {
  const DriveCheck::Host host{
      [] { return Result<std::vector<Mount>>(Status::Unavailable("no table")); },
      [](const std::string&) { return Result<Space>(Space()); }, &FakeTrend};
  for (const Words& arguments : {Words{}, Words{"fetch-only"}}) {
    CHECK(DriveCheck(PathStyle::kPosix)
              .Run(arguments, checks::Environment(), host)
              .lines[0]
              .message == "no table");
  }
}

}  // namespace
}  // namespace nscp::check_disk
