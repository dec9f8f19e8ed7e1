#include "workers/check_system/check_cpu_utilization.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nscp::check_system {
namespace {

double Hundredths(double number) { return std::round(number * 100) / 100; }

double UsageOf(const UtilizationRow& row) {
  return Hundredths(std::max(0.0, 100 - row.idle - row.iowait));
}

checks::Keywords<UtilizationRow> UtilizationKeywords() {
  checks::Keywords<UtilizationRow> k;
  k.Text("name", "Always total: all processors together",
         [](const UtilizationRow&) -> std::string_view { return "total"; });
  k.Percent("usage", "Time in percent that was neither idle nor spent waiting for disks",
            UsageOf);
  k.Percent("total", "Deprecated alias for: usage", UsageOf);
  k.Percent("user", "Time of programs in percent, niced ones and guests included",
            &UtilizationRow::user);
  k.Percent("system", "Time of the kernel in percent, interrupts not included",
            &UtilizationRow::system);
  k.Percent("iowait", "Time in percent in which all that could run waited for a disk",
            &UtilizationRow::iowait);
  k.Percent("irq", "Time of hardware interrupts in percent", &UtilizationRow::irq);
  k.Percent("softirq", "Time of software interrupts in percent",
            &UtilizationRow::softirq);
  k.Percent("steal", "Time in percent that the hypervisor gave to other machines",
            &UtilizationRow::steal);
  k.Percent("guest", "Time in percent of virtual machines that run here; part of user",
            &UtilizationRow::guest);
  k.Percent("idle", "Time in percent in which nothing wanted to run",
            &UtilizationRow::idle);
  return k;
}

checks::Check<UtilizationRow> MakeUtilizationCheck() {
  checks::FilterDefaults defaults;
  defaults.warning = {"usage > 90"};
  defaults.critical = {"usage > 95"};
  defaults.detail_syntax =
      "user: ${user}% system: ${system}% iowait: ${iowait}% steal: ${steal}% idle: "
      "${idle}%";
  defaults.perf_syntax = "cpu";
  defaults.perf_config = "extra(usage;user;system;iowait;irq;softirq;steal;guest;idle)";
  return {checks::OptionTable(), defaults, UtilizationKeywords()};
}

}  // namespace

UtilizationRow UtilizationBetween(const CpuTimes& before, const CpuTimes& after) {
  const std::pair<uint64_t CpuTimes::*, double UtilizationRow::*> shares[] = {
      {&CpuTimes::user, &UtilizationRow::user},
      {&CpuTimes::system, &UtilizationRow::system},
      {&CpuTimes::idle, &UtilizationRow::idle},
      {&CpuTimes::iowait, &UtilizationRow::iowait},
      {&CpuTimes::irq, &UtilizationRow::irq},
      {&CpuTimes::softirq, &UtilizationRow::softirq},
      {&CpuTimes::steal, &UtilizationRow::steal}};
  // The kernel lets idle and iowait run backwards at times (proc(5)).
  auto since = [&](uint64_t CpuTimes::*time) {
    return after.*time > before.*time ? static_cast<double>(after.*time - before.*time)
                                      : 0;
  };
  double all = 0;
  for (const auto& share : shares) all += since(share.first);
  UtilizationRow row;
  if (all <= 0) return row;
  for (const auto& [time, percent] : shares) {
    row.*percent = Hundredths(100 * since(time) / all);
  }
  row.guest = Hundredths(std::min(100.0, 100 * since(&CpuTimes::guest) / all));
  return row;
}

UtilizationCheck::UtilizationCheck() : check_(MakeUtilizationCheck()) {}

sdk::CheckResult UtilizationCheck::Run(const std::vector<std::string>& arguments,
                                       const checks::Environment& environment,
                                       const ChangeSource<CpuSample>& source) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<UtilizationRow>& sink) -> Status {
        ASSIGN_OR_RETURN(const auto change, source());
        sink.Add(UtilizationBetween(change.before.times, change.after.times));
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
