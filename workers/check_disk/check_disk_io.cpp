#include "workers/check_disk/check_disk_io.h"

namespace nscp::check_disk {
namespace {

checks::Check<DiskActivity> MakeDiskIoCheck() {
  checks::Keywords<DiskActivity> k;
  k.Text("name", "Name of the disk, such as sda; _Total is the sum of all",
         [](const DiskActivity& disk) -> std::string_view { return disk.name; });
  AddActivityKeywords(
      k, [](const DiskActivity& disk) { return &disk; }, "");
  checks::FilterDefaults defaults;
  defaults.filter = {"name != '_Total'"};
  defaults.warning = {"percent_disk_time > 80"};
  defaults.critical = {"percent_disk_time > 95"};
  defaults.empty_state = "critical";
  defaults.top_syntax = "${status}: ${list}";
  defaults.ok_syntax = "%(status): All disk I/O seems ok.";
  defaults.detail_syntax =
      "${name}: ${percent_disk_time}% busy, read=${read_bytes_per_sec}B/s "
      "write=${write_bytes_per_sec}B/s q=${queue_length}";
  defaults.perf_syntax = "${name}";
  return {checks::OptionTable(), defaults, std::move(k)};
}

}  // namespace

DiskIoCheck::DiskIoCheck() : check_(MakeDiskIoCheck()) {}

sdk::CheckResult DiskIoCheck::Run(const std::vector<std::string>& arguments,
                                  const checks::Environment& environment,
                                  const Disks& disks) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<DiskActivity>& sink) -> Status {
        ASSIGN_OR_RETURN(const std::vector<DiskActivity> all, disks());
        for (const DiskActivity& disk : all) {
          if (!sink.Add(disk)) break;
        }
        return Status::Ok();
      });
}

}  // namespace nscp::check_disk
