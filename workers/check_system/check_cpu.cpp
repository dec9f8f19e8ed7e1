#include "workers/check_system/check_cpu.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

using checks::Arguments;
using checks::FilterRequest;

int64_t Round(double percent) { return checks::RoundToInteger(percent); }
int64_t LoadOf(const CpuRow& row) { return Round(row.load.user + row.load.kernel); }

checks::Check<CpuRow> MakeCpuCheck() {
  checks::OptionTable options;
  options
      .List("time", {"5s", "1m", "5m"},
            "Time window to average over, such as 5s or 1m; may be given several times")
      .HideDefault();
  options.Switch("cores", "Show all cores, not only the total");
  checks::FilterDefaults defaults;
  defaults.filter = {"core = 'total'"};
  defaults.warning = {"load > 80"};
  defaults.critical = {"load > 90"};
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): CPU load is ok.";
  defaults.detail_syntax = "${time}: ${load}%";
  defaults.perf_syntax = "${core} ${time}";
  auto prepare = [](const Arguments& arguments, FilterRequest& request) {
    if (arguments.Flag("cores") && !arguments.Given("filter")) request.filter.clear();
  };
  return {std::move(options), defaults, CpuKeywords(), prepare};
}

Result<int64_t> WindowSeconds(const std::string& text) {
  const auto seconds = checks::ParseDuration(text);
  if (!seconds || *seconds == 0) {
    return Status::InvalidArgument("Invalid time '" + text +
                                   "': Invalid time specification: '" + text + "'");
  }
  return *seconds;
}

}  // namespace

checks::Keywords<CpuRow> CpuKeywords() {
  checks::Keywords<CpuRow> k;
  auto number = [](const CpuRow& row) { return row.number; };
  auto kernel = [](const CpuRow& row) { return Round(row.load.kernel); };
  k.Text("time", "The time window of the average",
         [](const CpuRow& row) -> std::string_view { return row.time; });
  k.Integer("core", "The core: total, core 0, core 1 ...", number)
      .TextFace([](const CpuRow& row) -> std::string_view { return row.core; })
      .NoPerf();
  k.Integer("core_id", "The core: total, core_0, core_1 ...", number)
      .TextFace([](const CpuRow& row) { return ReplaceAll(row.core, " ", "_"); })
      .NoPerf();
  k.Percent("load", "The load in percent (user and system)", LoadOf).Perf("%", "");
  k.Percent("usage", "The load in percent (user and system)", LoadOf).Perf("%", "_total");
  k.Percent("total", "Deprecated alias for: usage", LoadOf).Perf("%", "_total");
  k.Percent("user", "The share of programs in percent", [](const CpuRow& row) {
     return Round(row.load.user);
   }).Perf("%", "_user");
  k.Percent("idle", "The idle share in percent",
            [](const CpuRow& row) { return Round(row.load.idle); });
  k.Percent("system", "The share of the kernel in percent", kernel);
  k.Percent("kernel", "Deprecated alias for: system", kernel);
  return k;
}

std::vector<CpuRow> CpuRows(const std::string& window, const CpuAverages& averages) {
  std::vector<CpuRow> rows;
  for (size_t core = 0; core < averages.cores.size(); ++core) {
    rows.push_back({window, "core " + std::to_string(core), static_cast<int64_t>(core),
                    averages.cores[core]});
  }
  std::sort(rows.begin(), rows.end(),
            [](const CpuRow& a, const CpuRow& b) { return a.core < b.core; });
  rows.push_back({window, "total", -1, averages.total});
  return rows;
}

CpuCheck::CpuCheck() : check_(MakeCpuCheck()) {}

sdk::CheckResult CpuCheck::Run(const std::vector<std::string>& arguments,
                               const checks::Environment& environment,
                               const std::function<Status()>& ready,
                               const Source& source) const {
  return check_.Run(arguments, environment,
                    [&](const Arguments& parsed, checks::Sink<CpuRow>& sink) -> Status {
                      RETURN_IF_ERROR(ready());
                      for (const std::string& window : parsed.List("time")) {
                        ASSIGN_OR_RETURN(const int64_t seconds, WindowSeconds(window));
                        for (CpuRow& row : CpuRows(window, source(seconds))) {
                          if (!sink.Add(std::move(row))) return Status::Ok();
                        }
                      }
                      return Status::Ok();
                    });
}

}  // namespace nscp::check_system
