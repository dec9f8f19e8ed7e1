#include "workers/check_system/check_battery.h"

namespace nscp::check_system {
namespace {

void AddState(checks::Keywords<Battery>& k) {
  auto status = [](const Battery& row) -> std::string_view { return row.status; };
  auto present = [](const Battery& row) { return row.present ? 1 : 0; };
  auto present_text = [](const Battery& row) -> std::string_view {
    return row.present ? "true" : "false";
  };
  k.Text("name", "Name of the battery, such as BAT0",
         [](const Battery& row) -> std::string_view { return row.name; });
  k.Text("power_source", "What the machine runs on: ac, battery or unknown",
         [](const Battery& row) -> std::string_view { return row.power_source; });
  k.Text("battery_status",
         "What the battery does: charging, discharging, not charging, full or unknown",
         status);
  k.Text("status", "The same as battery_status", status);
  k.Integer("battery_present", "Whether there is a battery in its place: true or false",
            present)
      .TextFace(present_text)
      .NoPerf();
  k.Integer("present", "The same as battery_present", present)
      .TextFace(present_text)
      .NoPerf();
}

void AddFigures(checks::Keywords<Battery>& k) {
  k.Percent("charge", "Charge in percent", [](const Battery& row) { return row.charge; })
      .NoValue("unknown")
      .Perf("%", "");
  k.Percent("health", "What it holds when full, in percent of what it was made for",
            [](const Battery& row) { return row.health; })
      .NoValue("unknown")
      .Perf("%", "_health");
  k.Duration("time_remaining", "Seconds until it is empty; -1 where that is not known",
             &Battery::time_remaining);
  k.Integer("charge_rate", "Milliwatts that it is charged with; 0 when it is not",
            &Battery::charge_rate);
  k.Integer("discharge_rate", "Milliwatts that are taken from it; 0 when none are",
            &Battery::discharge_rate);
  k.Integer("design_capacity", "Milliwatt hours that it was made for; 0 is not known",
            &Battery::design_capacity);
  k.Integer("full_capacity", "Milliwatt hours that it holds when full; 0 is not known",
            &Battery::full_capacity);
  k.Integer("remaining_capacity", "Milliwatt hours that are left; 0 is not known",
            &Battery::remaining_capacity);
}

checks::Check<Battery> MakeBatteryCheck() {
  checks::FilterDefaults defaults;
  defaults.filter = {"battery_present = 'true'"};
  defaults.warning = {"charge < 20"};
  defaults.critical = {"charge < 10"};
  defaults.empty_state = "warning";
  defaults.ok_syntax = "%(status): No battery found or all batteries ok.";
  defaults.empty_syntax = "No battery found";
  defaults.detail_syntax = "${name}: ${charge}% (${power_source}, ${battery_status})";
  defaults.perf_syntax = "${name}";
  checks::Keywords<Battery> k;
  AddState(k);
  AddFigures(k);
  return {checks::OptionTable(), defaults, std::move(k)};
}

}  // namespace

BatteryCheck::BatteryCheck() : check_(MakeBatteryCheck()) {}

sdk::CheckResult BatteryCheck::Run(const std::vector<std::string>& arguments,
                                   const checks::Environment& environment,
                                   const Source& source) const {
  return check_.Run(arguments, environment,
                    [&](const checks::Arguments&, checks::Sink<Battery>& sink) -> Status {
                      ASSIGN_OR_RETURN(auto batteries, source(environment.cancelled));
                      for (Battery& battery : batteries) {
                        if (!sink.Add(std::move(battery))) break;
                      }
                      return Status::Ok();
                    });
}

}  // namespace nscp::check_system
