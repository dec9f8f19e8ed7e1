#include "workers/check_disk/check_shadowcopy.h"

#include <algorithm>
#include <map>

#include "proto/cpp/text.h"
#include "workers/checks/formats.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_disk {
namespace {

// -1: the system does not tell.
int64_t AgeOf(const ShadowRow& row) { return row.made ? row.now - *row.made : -1; }

int64_t PercentUsed(const ShadowRow& row) {
  if (row.most == 0) return 0;
  return checks::RoundToInteger(100 * static_cast<double>(row.used) /
                                static_cast<double>(row.most));
}

checks::Keywords<ShadowRow> ShadowKeywords() {
  checks::Keywords<ShadowRow> k;
  k.Text("volume", "Volume that the copies belong to, as \\\\?\\Volume{...}\\",
         [](const ShadowRow& row) -> std::string_view { return row.volume; });
  k.Text("drive", "Where that volume is mounted, such as C:\\",
         [](const ShadowRow& row) -> std::string_view { return row.drive; });
  for (const char* name : {"copies", "count"}) {
    k.Integer(name, "Shadow copies of the volume", [](const ShadowRow& row) {
       return row.copies;
     }).Perf("", "_count");
  }
  k.Duration("newest", "Seconds since the newest copy was made; -1 when nobody knows",
             AgeOf)
      .Perf("s", "_newest");
  k.Text("newest_date", "When the newest copy was made (UTC)", [](const ShadowRow& row) {
    return row.made ? checks::TimeZone::Parse("utc")->Format(*row.made) : "unknown";
  });
  k.Size("used", "Bytes that the copies take", [](const ShadowRow& row) {
     return row.used;
   }).Perf("B", "_used");
  k.Size("allocated", "Bytes that are set aside for copies", [](const ShadowRow& row) {
     return row.allocated;
   }).NoPerf();
  k.Size("max_size", "Bytes that the copies may take at most; 0 without a bound",
         [](const ShadowRow& row) { return row.most; })
      .NoPerf();
  k.Percent("used_pct", "Share of max_size that is in use, in percent; 0 without a bound",
            PercentUsed)
      .Perf("%", "_used_pct");
  return k;
}

checks::Check<ShadowRow> MakeShadowCheck() {
  checks::FilterDefaults defaults;
  defaults.warning = {"newest > 26h"};
  defaults.critical = {"newest > 50h"};
  defaults.empty_state = "ok";
  defaults.top_syntax = "${status}: ${list}";
  defaults.ok_syntax = "%(status): All %(count) volume(s) have recent shadow copies.";
  defaults.empty_syntax = "%(status): No shadow copies found";
  defaults.detail_syntax = "${volume}: ${copies} copies, newest ${newest_date}";
  defaults.perf_syntax = "${volume}";
  return {checks::OptionTable(), defaults, ShadowKeywords()};
}

}  // namespace

std::vector<ShadowRow> ShadowRows(const ShadowCopies& found,
                                  const std::vector<Mount>& mounts, int64_t now) {
  std::map<std::string, ShadowRow> rows;
  for (const ShadowCopy& copy : found.copies) {
    ShadowRow& row = rows[VolumeGuid(copy.volume)];
    row.volume = copy.volume;
    row.now = now;
    ++row.copies;
    if (copy.made) row.made = std::max(row.made.value_or(*copy.made), *copy.made);
  }
  for (const ShadowStorage& storage : found.storages) {
    const auto row = rows.find(VolumeGuid(storage.volume));
    if (row == rows.end()) continue;
    row->second.used += storage.used;
    row->second.allocated += storage.allocated;
    if (storage.most != kUnbounded) row->second.most += storage.most;
  }
  for (const Mount& mount : mounts) {
    const auto row = rows.find(VolumeGuid(mount.device));
    if (row != rows.end() && row->second.drive.empty()) row->second.drive = mount.point;
  }
  std::vector<ShadowRow> out;
  for (auto& [guid, row] : rows) out.push_back(std::move(row));
  return out;
}

ShadowCheck::ShadowCheck() : check_(MakeShadowCheck()) {}

sdk::CheckResult ShadowCheck::Run(const std::vector<std::string>& arguments,
                                  const checks::Environment& environment,
                                  const Host& host) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<ShadowRow>& sink) -> Status {
        ASSIGN_OR_RETURN(const ShadowCopies copies, host.copies());
        const auto mounts = host.mounts();
        const auto none = std::vector<Mount>();
        for (ShadowRow& row :
             ShadowRows(copies, mounts.ok() ? *mounts : none, environment.now)) {
          if (!sink.Add(std::move(row))) break;
        }
        return Status::Ok();
      });
}

}  // namespace nscp::check_disk
