#include "workers/check_system/check_cpu_frequency.h"

#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

checks::Check<CpuFrequency> MakeFrequencyCheck() {
  checks::FilterDefaults defaults;
  defaults.filter = {"name != 'total'"};
  defaults.ok_syntax = "%(status): CPU frequency is ok.";
  defaults.detail_syntax = "${name}: ${current_mhz}MHz (${frequency_pct}%)";
  defaults.perf_syntax = "${name}";
  checks::Keywords<CpuFrequency> k;
  k.Text("name", "The core: core 0, core 1 ..., or total for the average of all",
         [](const CpuFrequency& row) -> std::string_view { return row.name; });
  k.Integer("current_mhz", "Clock of now in megahertz", &CpuFrequency::current)
      .Perf("MHz", "");
  k.Integer("max_mhz", "Fastest clock in megahertz; 0 is not known",
            &CpuFrequency::maximum)
      .Perf("MHz", "_max_mhz");
  k.Integer("min_mhz", "Slowest clock in megahertz; 0 is not known",
            &CpuFrequency::minimum);
  k.Percent("frequency_pct",
            "Clock of now in percent of the fastest; 0 where that is not known",
            FrequencyPercent)
      .Perf("%", "_frequency_pct");
  return {checks::OptionTable(), defaults, std::move(k)};
}

}  // namespace

int64_t FrequencyPercent(const CpuFrequency& frequency) {
  if (frequency.maximum <= 0) return 0;
  return checks::RoundToInteger(100 * static_cast<double>(frequency.current) /
                                static_cast<double>(frequency.maximum));
}

CpuFrequency AverageFrequency(const std::vector<CpuFrequency>& cores) {
  CpuFrequency average;
  average.name = "total";
  if (cores.empty()) return average;
  for (const auto member :
       {&CpuFrequency::current, &CpuFrequency::maximum, &CpuFrequency::minimum}) {
    double sum = 0;
    for (const CpuFrequency& core : cores) sum += static_cast<double>(core.*member);
    average.*member = checks::RoundToInteger(sum / static_cast<double>(cores.size()));
  }
  return average;
}

CpuFrequencyCheck::CpuFrequencyCheck() : check_(MakeFrequencyCheck()) {}

sdk::CheckResult CpuFrequencyCheck::Run(const std::vector<std::string>& arguments,
                                        const checks::Environment& environment,
                                        const Source& source) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<CpuFrequency>& sink) -> Status {
        ASSIGN_OR_RETURN(const auto cores, source(environment.cancelled));
        if (cores.empty()) {
          return Status::NotFound(
              "No CPU frequency data available (no cpufreq support?)");
        }
        for (const CpuFrequency& core : cores) {
          if (!sink.Add(core)) return Status::Ok();
        }
        sink.Add(AverageFrequency(cores));
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
