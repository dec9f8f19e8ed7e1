#include "workers/check_system/check_uptime.h"

#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

checks::Keywords<UptimeRow> UptimeKeywords() {
  checks::Keywords<UptimeRow> k;
  k.Duration("uptime", "Time since the system started",
             [](const UptimeRow& row) { return row.uptime; })
      .Human([](const UptimeRow& row) {
        return checks::FormatUptime(row.uptime, row.max_unit);
      })
      .Perf("s", "");
  k.Date("boot", "When the system started", [](const UptimeRow& row) {
     return row.boot;
   }).Human([](const UptimeRow& row) { return row.zone->Format(row.boot); });
  k.Text("tz", "The time zone in which the boot time is printed",
         [](const UptimeRow& row) -> std::string_view { return row.zone->name(); });
  return k;
}

checks::Check<UptimeRow> MakeUptimeCheck() {
  checks::OptionTable options;
  options.Text("max-unit", "w", "Largest unit of the uptime in the text: s, m, h, d, w");
  checks::FilterDefaults defaults;
  defaults.warning = {"uptime < 2d"};
  defaults.critical = {"uptime < 1d"};
  defaults.detail_syntax = "uptime: ${uptime}h, boot: ${boot} (${tz})";
  defaults.perf_syntax = "uptime";
  return {std::move(options), defaults, UptimeKeywords()};
}

Result<char> MaxUnit(const std::string& text) {
  if (text.size() == 1 && std::string_view("smhdw").find(text) != std::string::npos) {
    return text[0];
  }
  return Status::InvalidArgument("Invalid time unit: '" + text +
                                 "' (expected one of s|m|h|d|w)");
}

}  // namespace

UptimeCheck::UptimeCheck() : check_(MakeUptimeCheck()) {}

sdk::CheckResult UptimeCheck::Run(const std::vector<std::string>& arguments,
                                  const checks::Environment& environment,
                                  const Result<double>& uptime,
                                  const checks::TimeZone& zone) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments& parsed, checks::Sink<UptimeRow>& sink) -> Status {
        UptimeRow row;
        ASSIGN_OR_RETURN(row.max_unit, MaxUnit(parsed.Text("max-unit")));
        if (!uptime.ok()) return uptime.status();
        row.uptime = checks::TruncateToInteger(*uptime);
        row.boot = environment.now - row.uptime;
        row.zone = &zone;
        sink.Add(row);
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
