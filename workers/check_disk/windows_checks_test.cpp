// Checks of Windows from constructed rows: the names and forms are those of Windows'
// documentation (Win32_ShadowCopy, MSFT_StoragePool, NetShareEnum, DISK_PERFORMANCE).
#include <doctest/doctest.h>

#include "workers/check_disk/check_disk_io.h"
#include "workers/check_disk/check_drivesize.h"
#include "workers/check_disk/check_mount.h"
#include "workers/check_disk/check_shadowcopy.h"
#include "workers/check_disk/check_share.h"
#include "workers/check_disk/check_storagepool.h"
#include "workers/check_disk/disk_activity.h"
#include "workers/check_disk/drive_names.h"
#include "workers/check_disk/file_origin.h"
#include "workers/check_disk/legacy_checks.h"

namespace nscp::check_disk {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

constexpr uint64_t kGiB = 1ull << 30;
constexpr int64_t kToday = 1704441600;  // 2024-01-05 08:00:00 UTC
constexpr char kVolumeC[] = R"(\\?\Volume{AAAA0001-0000-0000-0000-100000000000}\)";
constexpr char kVolumeD[] = R"(\\?\Volume{bbbb0002-0000-0000-0000-100000000000}\)";

TEST_CASE("a drive of Windows has many names") {
  const struct {
    const char* given;
    const char* canonical;
  } rows[] = {
      {"c", "C:\\"},
      {"C:", "C:\\"},
      {"c:/", "C:\\"},
      {"c:\\Users/me", "C:\\Users\\me"},
      {"cd", "cd"},
      {"", ""},
      {"5", "5"},
      {R"(\\?\volume{aa})", R"(\\?\volume{aa}\)"},
      {R"(\\?\C:\data)", R"(C:\data)"},
      {R"(\\?\UNC\srv\data)", R"(\\srv\data)"},
      {"//srv/data", R"(\\srv\data)"},
  };
  for (const auto& row : rows) {
    CHECK(CanonicalDrive(row.given, PathStyle::kWindows) == row.canonical);
    CHECK(CanonicalDrive(row.given, PathStyle::kPosix) == row.given);
  }
}

TEST_CASE("paths of Windows lie below folders whatever their case") {
  const auto lies = [](const char* path, const char* point) {
    return LiesBelow(path, point, PathStyle::kWindows);
  };
  CHECK(lies("c:\\users", "C:\\"));
  CHECK(lies("C:\\Mnt\\data\\x", "C:\\mnt\\data\\"));
  CHECK(lies("C:\\mnt\\data", "C:\\mnt\\data\\"));
  CHECK_FALSE(lies("C:\\mnt\\database", "C:\\mnt\\data\\"));
  CHECK_FALSE(lies("D:\\", "C:\\"));
  CHECK_FALSE(lies("C:\\", ""));
}

TEST_CASE("long paths are written so that Windows takes them as they are") {
  CHECK(LongPath("C:\\a/b") == R"(\\?\C:\a\b)");
  CHECK(LongPath(R"(\\srv\data\x)") == R"(\\?\UNC\srv\data\x)");
  CHECK(LongPath(R"(\\?\C:\a)") == R"(\\?\C:\a)");
  CHECK(LongPath(R"(\\.\PhysicalDrive0)") == R"(\\.\PhysicalDrive0)");
  CHECK(LongPath("relative") == "relative");
}

TEST_CASE("the share of a path is its server and first folder") {
  CHECK(ShareRoot(R"(\\srv\data\a\b)") == R"(\\srv\data)");
  CHECK(ShareRoot("//srv/data") == R"(\\srv\data)");
  CHECK(ShareRoot(R"(\\?\UNC\srv\data\x)") == R"(\\srv\data)");
  for (const char* none : {"C:\\x", R"(\\srv)", R"(\\srv\)", R"(\\)", R"(\\.\x\y)", ""}) {
    CHECK(ShareRoot(none) == "");
  }
}

TEST_CASE("attributes and versions in words") {
  CHECK(AttributesText(0x20) == "archive");
  CHECK(AttributesText(0x27) == "readonly, hidden, system, archive");
  CHECK(AttributesText(0x80) == "normal");
  CHECK(VersionText(0x000a0000, 0x45630001) == "10.0.17763.1");
}

Mount MakeMount(const char* device, const char* point, const char* label,
                DriveType type) {
  Mount mount;
  mount.device = device;
  mount.point = point;
  mount.label = label;
  mount.filesystem = "NTFS";
  mount.options = "rw";
  mount.type = type;
  return mount;
}

// C:, D: mounted in a folder too, a network drive, an empty card reader, a volume that is
// mounted nowhere.
std::vector<Mount> WindowsMounts() {
  std::vector<Mount> mounts = {
      MakeMount(kVolumeC, "C:\\", "System", DriveType::kFixed),
      MakeMount(kVolumeD, "D:\\", "Data", DriveType::kFixed),
      MakeMount(kVolumeD, "C:\\mnt\\data\\", "Data", DriveType::kFixed),
      MakeMount(R"(\\?\Volume{eeee}\)", "E:\\", "", DriveType::kRemovable),
      MakeMount(R"(\\srv\home)", "H:\\", "", DriveType::kRemote),
      MakeMount(R"(\\?\Volume{ffff}\)", "", "Recovery", DriveType::kFixed)};
  mounts[2].pseudo = true;
  return mounts;
}

Result<Space> WindowsSpace(const std::string& path) {
  Space space;
  if (path == "C:\\" || path == "C:\\Users") {
    space = {100 * kGiB, 50 * kGiB, 40 * kGiB, 0, 0, true};
    space.volume.filesystem = "NTFS";
    space.volume.media_type = 12;
    return space;
  }
  if (path == "D:\\" || path == "C:\\mnt\\data") {
    space = {10 * kGiB, kGiB, kGiB, 0, 0, true};
    return space;
  }
  if (path == R"(\\srv\share)" || path == R"(\\?\Volume{ffff}\)") {
    space = {20 * kGiB, 19 * kGiB, 19 * kGiB, 0, 0, false};
    return space;
  }
  if (path == "E:\\") return Status::FailedPrecondition("The device is not ready");
  if (path == "H:\\") return Status::DeadlineExceeded("The file system of H:\\ hangs");
  if (path == "L:\\") return Status::PermissionDenied("L:\\ is locked");
  return Status::NotFound("none");
}

sdk::CheckResult CheckDrives(const Words& arguments) {
  const DriveCheck::Host host = {[] { return WindowsMounts(); }, &WindowsSpace,
                                 [](const std::string&, int64_t) { return Trend(); }};
  return DriveCheck(PathStyle::kWindows).Run(arguments, checks::Environment(), host);
}

TEST_CASE("check_drivesize on Windows") {
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{"drive=c:"},
       State::kOk,
       "OK All 1 drive(s) are ok|'c: used'=50GB;80;90;0;100 'c: used %'=50%;80;90;0;100"},
      {{"drive=D", "perf-syntax=none"}, State::kWarning, "WARNING D: 9GB/10GB used"},
      {{"drive=all-drives", "exclude=h:", "perf-syntax=none"},
       State::kWarning,
       "WARNING D:\\: 9GB/10GB used"},
      {{"drive=*", "exclude=d", "exclude=H:\\", "perf-syntax=none", "top-syntax=%(list)",
        "detail-syntax=%(drive)|%(name)|%(letter)|%(type)|%(flags)", "filter=none",
        "warn=none", "crit=none"},
       State::kOk,
       "C:\\|System|C|fixed|mounted, readable, writable, E:\\|\\\\?\\Volume{eeee}\\|E|"
       "removable|, |Recovery||fixed|readable"},
      {{"drive=all-volumes", "exclude=Data", "perf-syntax=none", "top-syntax=%(list)",
        "detail-syntax=%(drive_or_name) %(fs) %(media_type)", "warn=none", "crit=none"},
       State::kOk,
       "C:\\ NTFS 12"},
      {{"drive=data", "warn=none", "crit=none", "top-syntax=%(list)",
        "detail-syntax=%(drive) %(letter) %(size)"},
       State::kOk,
       "data D 10GB"},
      {{"drive=C:\\Users", "warn=none", "crit=none", "top-syntax=%(list)",
        "detail-syntax=%(drive) %(name) %(size)"},
       State::kOk,
       "C:\\Users System 100GB"},
      {{"drive=\\\\srv\\share", "warn=none", "crit=none", "top-syntax=%(list)",
        "detail-syntax=%(drive) %(type) %(writable)"},
       State::kOk,
       "\\\\srv\\share remote 0"},
      {{"drive=e"}, State::kUnknown, "UNKNOWN: No drives found"},
      {{"drive=q:"}, State::kUnknown, "Drive q: was not found"},
      {{"drive=h:"},
       State::kUnknown,
       "UNKNOWN: The file system of H:\\ hangs|'h: "
       "used'=0B;0;0;0;0"},
      {{"drive=l:", "perf-syntax=none"}, State::kUnknown, "UNKNOWN: L:\\ is locked"},
      {{"drive=l:", "ignore-unreadable=true", "perf-syntax=none"},
       State::kOk,
       "OK All 1 drive(s) are ok"},
      {{"drive=c", "require=C:", "require=data", "perf-syntax=none"},
       State::kOk,
       "OK All 1 drive(s) are ok"},
      {{"drive=c", "require=q", "mandatory-drives=X:", "perf-syntax=none"},
       State::kCritical,
       "CRITICAL: Required drive(s) not found: q, X:; OK All 1 drive(s) are ok"},
      {{"drive=c", "magic=0.5", "warn=none", "crit=size > 60G", "perf-syntax=none"},
       State::kOk,
       "OK All 1 drive(s) are ok"},
      {{"drive=c", "magic=none"},
       State::kUnknown,
       "Invalid magic 'none': it is a number from 0.001 to 1000"},
      {{"drive=c", "drive=d", "total", "mounted", "perf-syntax=none", "warn=none",
        "crit=none", "filter=type = 'total'", "top-syntax=%(list)"},
       State::kOk,
       "total: 59GB/110GB used"},
  };
  for (const auto& row : rows) {
    const auto result = CheckDrives(row.arguments);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
  // Of Windows alone.
  const DriveCheck::Host none;
  const auto posix =
      DriveCheck(PathStyle::kPosix).Run({"require=/"}, checks::Environment(), none);
  CHECK(posix.lines[0].message.find("Invalid command line") == 0);
}

TEST_CASE("check_mount on Windows") {
  const auto run = [](const Words& arguments) {
    return sdk::FormatPlain(MountCheck(PathStyle::kWindows)
                                .Run(arguments, checks::Environment(), WindowsMounts()));
  };
  CHECK(run({}) == "OK: mounts are as expected");
  CHECK(run({"mount=c", "fstype=ntfs", "options=rw"}) == "OK: mounts are as expected");
  CHECK(run({"mount=C:\\mnt\\data"}) == "OK: mounts are as expected");
  CHECK(run({"mount=d:", "fstype=ReFS"}) ==
        "WARNING: mount D:\\ expected fstype differs: ReFS != NTFS");
  CHECK(run({"mount=Q:"}) == "CRITICAL: mount Q: not mounted");
}

TEST_CASE("check_share lists shares, or looks for some") {
  const auto run = [](const Words& arguments) {
    return ShareCheck().Run(arguments, checks::Environment(), [] {
      return std::vector<Share>{{"C$", "C:\\", "Default share", 0x80000000},
                                {"IPC$", "", "Remote IPC", 0x80000003},
                                {"Public", "D:\\Public", "", 0},
                                {"Printer", "HP,LocalsplOnly", "", 1}};
    });
  };
  CHECK(sdk::FormatPlain(run({"share=public"})) ==
        "OK: Public (type=disk, path=D:\\Public, exists=1)|'count'=1;0;0");
  const auto gone =
      run({"share=Public", "share=Gone", "detail-syntax=%(name) %(exists)"});
  CHECK(gone.state == State::kCritical);
  CHECK(sdk::FormatPlain(gone) == "CRITICAL: Public 1, Gone 0|'count'=2;0;0");
  CHECK(sdk::FormatPlain(run({"filter=is_admin = 1", "perf-config=none",
                              "detail-syntax=%(name) %(type) %(description)"})) ==
        "OK: C$ disk Default share, IPC$ ipc Remote IPC");
  CHECK(sdk::FormatPlain(run({"filter=type = 'device'"})) ==
        "OK: No shares found|'count'=0;0;0");
}

TEST_CASE("check_shadowcopy groups copies by volume") {
  ShadowCopies found;
  found.copies = {{kVolumeC, kToday - 30 * 3600},
                  {kVolumeC, kToday - 3600},
                  {kVolumeD, kToday - 60 * 3600},
                  {kVolumeD, std::nullopt}};
  found.storages = {
      {R"(Win32_Volume.DeviceID="\\\\?\\Volume{aaaa0001-0000-0000-0000-100000000000}\\")",
       3 * kGiB, 4 * kGiB, 10 * kGiB},
      {R"(Win32_Volume.DeviceID="\\\\?\\Volume{bbbb0002-0000-0000-0000-100000000000}\\")",
       kGiB, kGiB, kUnbounded},
      {"nothing", 1, 1, 1}};
  const auto run = [&](const Words& arguments) {
    checks::Environment environment;
    environment.now = kToday;
    return ShadowCheck().Run(arguments, environment,
                             {[&] { return found; }, [] { return WindowsMounts(); }});
  };
  const auto result =
      run({"detail-syntax=%(drive) %(copies) %(newest) %(newest_date) "
           "%(used) %(allocated) %(max_size) %(used_pct)"});
  CHECK(result.state == State::kCritical);
  CHECK(sdk::FormatPlain(result) ==
        "CRITICAL: C:\\ 2 3600 2024-01-05 07:00:00 3221225472 4294967296 10737418240 30, "
        "D:\\ 2 216000 2024-01-02 20:00:00 1073741824 1073741824 0 0"
        "|'" +
            std::string(kVolumeC) + "_newest'=3600s;93600;180000 '" + kVolumeD +
            "_newest'=216000s;93600;180000");
  found = ShadowCopies();
  CHECK(sdk::FormatPlain(run({})) == "OK: No shadow copies found");
  CHECK(run({"empty-state=critical"}).state == State::kCritical);
  CHECK(VolumeGuid("{") == "");
  CHECK(VolumeGuid("}{") == "");
}

TEST_CASE("check_storagepool judges health and space") {
  const auto run = [](const Words& arguments) {
    return PoolCheck().Run(arguments, checks::Environment(), [] {
      return std::vector<StoragePool>{
          {"Fast", 0, "OK", 100 * kGiB, 50 * kGiB, false},
          {"Slow", 1, "Degraded", 100 * kGiB, 85 * kGiB, true},
          {"Odd", 5, "Unknown", 0, 0, false}};
    });
  };
  const auto result = run({});
  CHECK(result.state == State::kWarning);
  CHECK(result.lines[0].message ==
        "WARNING: Fast: Healthy, 50GB/100GB used, Slow: Warning, 85GB/100GB used, Odd: "
        "Unknown, 0B/0B used");
  CHECK(sdk::FormatPlain(run({"filter=is_readonly = 1", "warn=used_pct > 80", "crit=none",
                              "detail-syntax=%(name) %(operational_status) %(free) "
                              "%(free_pct)"})) ==
        "WARNING: Slow Degraded 15GB 15|'Slow_used_pct'=85%;80;0");
}

// Columns with rows of texts, as a table of WMI has them.
wmi::Table MakeTable(const std::vector<std::pair<const char*, int>>& columns,
                     const std::vector<std::vector<wmi::Raw>>& rows) {
  wmi::Table table;
  for (const auto& [name, type] : columns) {
    table.columns.push_back({name, wmi::KindOf(type)});
  }
  for (const auto& raw : rows) {
    wmi::Row row;
    for (size_t i = 0; i < raw.size(); ++i) {
      row.push_back(wmi::MakeValue(columns[i].second, raw[i]));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

TEST_CASE("answers of WMI become copies, pools and disks") {
  using namespace std::string_literals;
  const auto copies = MakeTable(
      {{"VolumeName", wmi::kCimText}, {"InstallDate", wmi::kCimDateTime}},
      {{std::string(kVolumeC), "20240105070000.000000+000"s}, {"x"s, std::monostate()}});
  const auto storages = MakeTable({{"Volume", wmi::kCimText},
                                   {"UsedSpace", wmi::kCimUint64},
                                   {"AllocatedSpace", wmi::kCimUint64},
                                   {"MaxSpace", wmi::kCimUint64}},
                                  {{"v"s, "4096"s, "8192"s, "18446744073709551615"s}});
  const ShadowCopies shadows = ShadowCopiesFrom(copies, storages);
  REQUIRE(shadows.copies.size() == 2);
  CHECK(shadows.copies[0].made == kToday - 3600);
  CHECK_FALSE(shadows.copies[1].made);
  CHECK(shadows.storages[0].used == 4096);
  CHECK(shadows.storages[0].most == kUnbounded);

  auto pools = MakeTable({{"FriendlyName", wmi::kCimText},
                          {"HealthStatus", wmi::kCimUint16},
                          {"Size", wmi::kCimUint64},
                          {"AllocatedSize", wmi::kCimUint64},
                          {"IsPrimordial", wmi::kCimBoolean}},
                         {{"Primordial"s, int64_t{0}, "1"s, "1"s, true},
                          {"Data"s, int64_t{2}, "1000"s, "400"s, false}});
  pools.columns.push_back({"OperationalStatus", wmi::Kind::kList});
  pools.rows[1].push_back(wmi::MakeList(wmi::kCimUint16, {int64_t{3}, int64_t{6}}, 2));
  const auto found = PoolsFrom(pools);
  REQUIRE(found.size() == 1);
  CHECK(found[0].name == "Data");
  CHECK(std::string(HealthName(found[0].health)) == "Unhealthy");
  CHECK(found[0].capacity == 1000);
  CHECK(found[0].used == 400);
  CHECK(found[0].operation == "Degraded, Error");

  const auto disks = DisksFrom(
      MakeTable(
          {{"DeviceId", wmi::kCimText},
           {"FriendlyName", wmi::kCimText},
           {"SerialNumber", wmi::kCimText},
           {"MediaType", wmi::kCimUint16},
           {"HealthStatus", wmi::kCimUint16}},
          {{"1"s, "SAMSUNG"s, "  S1 "s, int64_t{4}, int64_t{1}},
           {"PCI\\SLOT"s, "Odd"s, std::monostate(), std::monostate(), std::monostate()}}),
      MakeTable({{"Number", wmi::kCimUint32},
                 {"IsOffline", wmi::kCimBoolean},
                 {"IsReadOnly", wmi::kCimBoolean}},
                {{int64_t{0}, false, false}, {int64_t{1}, true, true}}));
  REQUIRE(disks.size() == 2);
  CHECK(disks[0].number == 1);
  CHECK(disks[0].serial == "S1");
  CHECK(disks[0].media == "SSD");
  CHECK(disks[0].is_offline);
  CHECK(disks[1].number == -1);
  CHECK(std::string(HealthName(disks[1].health)) == "Unknown");

  DiskHealthCheck::Host host;
  host.mounts = [] { return std::vector<Mount>(); };
  host.devices = [&] { return disks; };
  const auto result = DiskHealthCheck().Run(
      {"detail-syntax=%(name) %(friendly_name) %(serial) %(media_type) %(health_status) "
       "%(is_offline) %(is_readonly) %(disk_number) %(has_device)"},
      checks::Environment(), host);
  CHECK(result.state == State::kCritical);
  CHECK(result.lines[0].message ==
        "CRITICAL: Disk 1 SAMSUNG S1 SSD Warning 1 1 1 1, Odd Odd  Unspecified Unknown 0 "
        "0 -1 1");
}

TEST_CASE("counters of a volume of Windows become activity") {
  constexpr uint64_t kSecond = 10000000;  // in tenths of a microsecond
  VolumeCounters before;
  before.now = 1000 * kSecond;
  before.idle_time = 900 * kSecond;
  VolumeCounters after = before;
  after.now += 10 * kSecond;
  after.idle_time += 7 * kSecond;
  after.reads = 100;
  after.bytes_read = 100 * 4096;
  after.read_time = kSecond / 2;
  after.splits = 20;
  after.queue = 3;
  const auto disks =
      ActivityBetween({CountersOfVolume("C:", before)}, {CountersOfVolume("C:", after)},
                      std::chrono::seconds(10));
  REQUIRE(disks.size() == 2);
  CHECK(disks[0].name == "C:");
  CHECK(disks[0].busy == 30);
  CHECK(disks[0].reads == 10);
  CHECK(disks[0].read_bytes == 40960);
  CHECK(disks[0].read_latency == doctest::Approx(5));
  CHECK(disks[0].splits == 2);
  CHECK(disks[0].queue == 3);
}

TEST_CASE("commands of old agents become those of today") {
  const LegacyChecks legacy;
  const auto drives = [&](const Words& arguments) {
    return std::get<Words>(legacy.DriveArguments(arguments));
  };
  const std::string detail =
      "detail-syntax=${drive}: Total: ${size} - Used: ${used} - Free: ${free}";
  CHECK(drives({"ShowAll", "MaxWarn=80%", "MaxCrit=90%", "Drive=c:", "Drive=d:"}) ==
        Words{"warn=used > 80%", "crit=used > 90%", "drive=c:", "drive=d:", detail,
              "top-syntax=${status}: ${list}"});
  CHECK(drives({"CheckAllOthers", "Drive=d", "MinWarnFree=10%", "MaxWarn=9G",
                "FilterType=FIXED", "FilterType=REMOTE", "perf-unit=G"}) ==
        Words{"warn=used > 9G or free < 10%", "crit=none", "drive=*", "exclude=d",
              "filter=type in ('FIXED', 'REMOTE')", detail, "perf-config=*(unit:G)"});
  CHECK(sdk::FormatPlain(CheckDrives(drives({"ShowAll=long", "MaxCrit=40%", "Drive=c"})))
            .find("CRITICAL: c: Total: 100GB - Used: 50GB - Free: 50GB") == 0);
  const auto files = std::get<Words>(legacy.FileArguments(
      {"path=D:\\tmp", "pattern=*.txt", "max-dir-depth=2", "MaxWarn=1",
       "filter=creation < -2d", "syntax=%filename%: %size% 50%", "ignore-errors"}));
  CHECK(files == Words{"warn=count > 1", "crit=none", "path=D:\\tmp", "pattern=*.txt",
                       "max-depth=2", "filter=creation < -2d",
                       "detail-syntax=${filename}: ${size} 50%", "ignore-missing=true",
                       "empty-state=ok"});
  CHECK(std::get<sdk::CheckResult>(legacy.FileArguments({"nosuch=1"})).state ==
        State::kUnknown);
  CHECK(std::get<sdk::CheckResult>(legacy.DriveArguments({"help"})).state == State::kOk);
}

}  // namespace
}  // namespace nscp::check_disk
