#include <algorithm>
#include <set>

#include "workers/check_disk/check_disk_io.h"
#include "workers/check_disk/drive_names.h"
#include "workers/check_disk/silent_drives.h"
#include "workers/checks/formats.h"

namespace nscp::check_disk {
namespace {

using checks::Sink;

constexpr char kUnknown[] = "unknown";

// Of nothing no part.
std::optional<int64_t> PercentOf(uint64_t part, uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return checks::RoundToInteger(100 * static_cast<double>(part) /
                                static_cast<double>(whole));
}

void AddSpace(checks::Keywords<HealthRow>& k) {
  const auto bytes = [&](const char* name, const char* description, const char* suffix,
                         auto of) {
    k.Size(name, description,
           [of](const HealthRow& row) -> std::optional<uint64_t> {
             if (!row.space) return std::nullopt;
             return of(*row.space);
           })
        .NoValue(kUnknown)
        .Perf("B", suffix);
  };
  bytes("size", "Size of the file system in bytes", "_total",
        [](const Space& s) { return s.size; });
  bytes("free", "Bytes that are free, also what is kept back for root", "_free",
        [](const Space& s) { return s.free; });
  bytes("used", "Bytes in use", "_used", [](const Space& s) { return s.size - s.free; });
  bytes("user_free", "Bytes that are free for everybody", "_user_free",
        [](const Space& s) { return s.user_free; });
  const auto percent = [&](const char* name, const char* description, const char* suffix,
                           auto of) {
    const auto get = [of](const HealthRow& row) -> std::optional<int64_t> {
      if (!row.space) return std::nullopt;
      return PercentOf(of(*row.space), row.space->size);
    };
    k.Percent(name, description, get)
        .NoValue(kUnknown)
        .Human([get](const HealthRow& row) {
          const auto share = get(row);
          return share ? std::to_string(*share) + "%" : std::string(kUnknown);
        })
        .Perf("%", suffix);
  };
  percent("free_pct", "Free space in percent", "", [](const Space& s) { return s.free; });
  percent("used_pct", "Used space in percent", "_used_pct",
          [](const Space& s) { return s.size - s.free; });
  k.Integer("has_space", "1 for a file system, 0 for a disk without one",
            [](const HealthRow& row) { return row.space.has_value(); })
      .NoPerf();
}

// What Windows tells of physical disks; of other rows, and elsewhere, 0 and "".
void AddDevice(checks::Keywords<HealthRow>& k) {
  using Disk = const PhysicalDisk&;
  const auto number = [&](const char* name, const char* description, auto of) {
    k.Integer(name, description, [of](const HealthRow& row) -> int64_t {
       return row.device ? static_cast<int64_t>(of(*row.device)) : 0;
     }).NoPerf();
  };
  number("has_device", "1 for a physical disk whose state is known (Windows only)",
         [](Disk) { return 1; });
  number("disk_number", "Number of the physical disk (Windows only)",
         [](Disk disk) { return disk.number; });
  number("is_offline", "1 when the physical disk is offline (Windows only)",
         [](Disk disk) { return disk.is_offline; });
  number("is_readonly", "1 when the physical disk is read-only (Windows only)",
         [](Disk disk) { return disk.is_readonly; });
  const auto text = [&](const char* name, const char* description, auto of) {
    k.Text(name, description, [of](const HealthRow& row) -> std::string_view {
      return row.device ? std::string_view(of(*row.device)) : std::string_view();
    });
  };
  text("friendly_name", "Name of the physical disk (Windows only)",
       [](Disk disk) -> std::string_view { return disk.name; });
  text("serial", "Serial number of the physical disk (Windows only)",
       [](Disk disk) -> std::string_view { return disk.serial; });
  text("media_type", "Kind of the physical disk: HDD, SSD ... (Windows only)",
       [](Disk disk) -> std::string_view { return disk.media; });
  text("health_status", "Healthy, Warning, Unhealthy or Unknown (Windows only)",
       [](Disk disk) -> std::string_view { return HealthName(disk.health); });
  text("operational_status", "OK, Offline ... of the physical disk (Windows only)",
       [](Disk disk) -> std::string_view { return disk.operation; });
}

checks::Check<HealthRow> MakeHealthCheck() {
  checks::Keywords<HealthRow> k;
  k.Text("name", "Where the file system is mounted; of a disk without one its name",
         [](const HealthRow& row) -> std::string_view { return row.name; });
  AddSpace(k);
  AddActivityKeywords(
      k, [](const HealthRow& row) { return row.activity ? &*row.activity : nullptr; },
      "_percent_disk_time");
  AddDevice(k);
  checks::FilterDefaults defaults;
  defaults.filter = {"name != '_Total'"};
  defaults.warning = {
      "(has_space = 1 and free_pct < 20) or percent_disk_time > 80 or (has_device = 1 "
      "and "
      "health_status = 'Warning')"};
  defaults.critical = {
      "(has_space = 1 and free_pct < 10) or percent_disk_time > 95 or (has_device = 1 "
      "and "
      "(health_status = 'Unhealthy' or is_offline = 1))"};
  defaults.empty_state = "critical";
  defaults.top_syntax = "${status}: ${list}";
  defaults.ok_syntax = "%(status): All disks are healthy.";
  defaults.detail_syntax =
      "${name}: ${free_pct} free, ${percent_disk_time}% busy, q=${queue_length} "
      "iops=${iops}";
  defaults.perf_syntax = "${name}";
  return {checks::OptionTable(), defaults, std::move(k)};
}

// One run: file systems with the disks below them, then the disks that have none.
class HealthRun {
 public:
  explicit HealthRun(const DiskHealthCheck::Host& host) : host_(host) {}

  Status Collect(const checks::Environment& environment, Sink<HealthRow>& sink);
  const std::vector<Status>& silent() const { return silent_; }

 private:
  HealthRow MakeHealthRow(const Mount& mount);
  void AddDevices(const checks::Environment& environment, Sink<HealthRow>& sink);

  const DiskHealthCheck::Host& host_;
  std::vector<DiskActivity> disks_;
  std::set<std::string> below_some_;  // disks
  std::vector<Status> silent_;
};

HealthRow HealthRun::MakeHealthRow(const Mount& mount) {
  HealthRow row;
  row.name = DiskNameOf(mount);
  const auto space = host_.space(mount.point);
  if (space.ok() && space->size > 0) row.space = *space;
  if (space.status().code() == Code::kDeadlineExceeded) silent_.push_back(space.status());
  const std::string disk = host_.disk_under(mount);
  const auto found = std::find_if(disks_.begin(), disks_.end(),
                                  [&](const DiskActivity& d) { return d.name == disk; });
  if (found != disks_.end()) {
    row.activity = *found;
    below_some_.insert(disk);
  }
  return row;
}

// A system without storage management is judged by what is known otherwise.
void HealthRun::AddDevices(const checks::Environment& environment,
                           Sink<HealthRow>& sink) {
  if (!host_.devices) return;
  const auto devices = host_.devices();
  if (!devices.ok()) {
    environment.Write(sdk::LogLevel::kDebug, "Nothing is known of the physical disks: " +
                                                 devices.status().message());
    return;
  }
  for (const PhysicalDisk& disk : *devices) {
    HealthRow row;
    row.name = disk.number < 0 ? disk.name : "Disk " + std::to_string(disk.number);
    row.device = disk;
    if (!sink.Add(std::move(row))) return;
  }
}

Status HealthRun::Collect(const checks::Environment& environment, Sink<HealthRow>& sink) {
  if (host_.disks) {
    ASSIGN_OR_RETURN(disks_, host_.disks());
  }
  ASSIGN_OR_RETURN(const std::vector<Mount> mounts, host_.mounts());
  for (const Mount& mount : mounts) {
    if (environment.cancelled && environment.cancelled()) return Status::Ok();
    if (mount.pseudo || mount.point.empty()) continue;
    if (!sink.Add(MakeHealthRow(mount))) return Status::Ok();
  }
  for (const DiskActivity& disk : disks_) {
    if (below_some_.count(disk.name) > 0) continue;
    if (!sink.Add(HealthRow{disk.name, std::nullopt, disk})) return Status::Ok();
  }
  AddDevices(environment, sink);
  return Status::Ok();
}

}  // namespace

DiskHealthCheck::DiskHealthCheck() : check_(MakeHealthCheck()) {}

sdk::CheckResult DiskHealthCheck::Run(const std::vector<std::string>& arguments,
                                      const checks::Environment& environment,
                                      const Host& host) const {
  HealthRun run(host);
  sdk::CheckResult result =
      check_.Run(arguments, environment,
                 [&](const checks::Arguments&, Sink<HealthRow>& sink) -> Status {
                   return run.Collect(environment, sink);
                 });
  TellSilence(run.silent(), result);
  return result;
}

}  // namespace nscp::check_disk
