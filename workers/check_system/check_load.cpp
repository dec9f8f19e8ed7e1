#include "workers/check_system/check_load.h"

#include <algorithm>

namespace nscp::check_system {
namespace {

checks::Keywords<LoadRow> LoadKeywords() {
  checks::Keywords<LoadRow> k;
  k.Text("type", "total, or scaled with percpu",
         [](const LoadRow& row) -> std::string_view { return row.type; });
  k.Real("load1", "Load average over the last minute",
         [](const LoadRow& row) { return row.average.load1; });
  k.Real("load5", "Load average over the last 5 minutes",
         [](const LoadRow& row) { return row.average.load5; });
  k.Real("load15", "Load average over the last 15 minutes",
         [](const LoadRow& row) { return row.average.load15; });
  k.Real("load", "The largest of load1, load5 and load15", [](const LoadRow& row) {
    return std::max({row.average.load1, row.average.load5, row.average.load15});
  });
  k.Integer("procs_running", "Processes and threads that can run now",
            [](const LoadRow& row) { return row.average.running; });
  k.Integer("procs_total", "All processes and threads",
            [](const LoadRow& row) { return row.average.total; });
  return k;
}

checks::Check<LoadRow> MakeLoadCheck() {
  checks::OptionTable options;
  options.Bool("percpu", "Divide the load by the number of processors that are online");
  checks::FilterDefaults defaults;
  defaults.detail_syntax = "${type} load average: ${load1}, ${load5}, ${load15}";
  defaults.perf_syntax = "${type}";
  defaults.perf_config = "extra(load1;load5;load15)";
  return {std::move(options), defaults, LoadKeywords()};
}

LoadRow MakeRow(LoadAverage average, bool per_cpu) {
  LoadRow row;
  if (per_cpu && average.cpus > 1) {
    row.type = "scaled";
    for (double* load : {&average.load1, &average.load5, &average.load15}) {
      *load /= static_cast<double>(average.cpus);
    }
  }
  row.average = average;
  return row;
}

}  // namespace

LoadCheck::LoadCheck() : check_(MakeLoadCheck()) {}

sdk::CheckResult LoadCheck::Run(const std::vector<std::string>& arguments,
                                const checks::Environment& environment,
                                const Result<LoadAverage>& average) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments& parsed, checks::Sink<LoadRow>& sink) -> Status {
        if (!average.ok()) return average.status();
        sink.Add(MakeRow(*average, parsed.Flag("percpu")));
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
