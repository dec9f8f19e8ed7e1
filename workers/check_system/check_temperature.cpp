#include "workers/check_system/check_temperature.h"

namespace nscp::check_system {
namespace {

checks::Check<Temperature> MakeTemperatureCheck() {
  checks::FilterDefaults defaults;
  defaults.warning = {"temperature > 70"};
  defaults.critical = {"temperature > 90"};
  defaults.empty_state = "critical";
  defaults.ok_syntax = "%(status): Temperature is ok.";
  defaults.detail_syntax = "${name}: ${temperature}C";
  defaults.perf_syntax = "${name}";
  checks::Keywords<Temperature> k;
  k.Text("name", "Name of the sensor, such as x86_pkg_temp or coretemp Core 0",
         [](const Temperature& row) -> std::string_view { return row.name; });
  k.Integer("active", "Whether the sensor is switched on and sound: true or false",
            [](const Temperature& row) { return row.active ? 1 : 0; })
      .TextFace([](const Temperature& row) -> std::string_view {
        return row.active ? "true" : "false";
      })
      .NoPerf();
  k.Real("temperature", "Temperature in degrees Celsius", &Temperature::celsius)
      .Perf("C", "");
  return {checks::OptionTable(), defaults, std::move(k)};
}

}  // namespace

TemperatureCheck::TemperatureCheck() : check_(MakeTemperatureCheck()) {}

sdk::CheckResult TemperatureCheck::Run(const std::vector<std::string>& arguments,
                                       const checks::Environment& environment,
                                       const Source& source) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<Temperature>& sink) -> Status {
        ASSIGN_OR_RETURN(auto sensors, source(environment.cancelled));
        if (sensors.empty()) return Status::NotFound("No temperature sensors found");
        for (Temperature& sensor : sensors) {
          if (!sink.Add(std::move(sensor))) break;
        }
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
