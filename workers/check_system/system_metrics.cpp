#include "workers/check_system/system_metrics.h"

#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

void AddLoad(const std::string& name, const CpuLoad& load,
             std::vector<sdk::Metric>& out) {
  const std::string bundle = "system.cpu";
  out.push_back({bundle, name + ".idle", load.idle, "Idle time in percent"});
  out.push_back({bundle, name + ".user", load.user, "Time of programs in percent"});
  out.push_back({bundle, name + ".kernel", load.kernel, "Time of the kernel in percent"});
  out.push_back({bundle, name + ".total", load.user + load.kernel, "Load in percent"});
}

}  // namespace

void AddCollectorMetrics(std::chrono::milliseconds interval,
                         std::vector<sdk::Metric>& out) {
  out.push_back({"system", "refresh_interval",
                 static_cast<double>(interval.count()) / 1000,
                 "Seconds between two samples of the processors"});
}

void AddCpuMetrics(const CpuAverages& load, std::vector<sdk::Metric>& out) {
  AddLoad("total", load.total, out);
  for (size_t i = 0; i < load.cores.size(); ++i) {
    AddLoad("core_" + std::to_string(i), load.cores[i], out);
  }
}

void AddMemoryMetrics(const std::vector<Memory>& memory, std::vector<sdk::Metric>& out) {
  const std::string bundle = "system.mem";
  for (const Memory& kind : memory) {
    const auto total = static_cast<double>(kind.total);
    const auto used = static_cast<double>(kind.total - kind.free);
    out.push_back({bundle, kind.type + ".total", total, "Bytes in all"});
    out.push_back({bundle, kind.type + ".avail", total - used, "Bytes that are free"});
    out.push_back({bundle, kind.type + ".used", used, "Bytes in use"});
    // A machine without swap uses none of it.
    out.push_back({bundle, kind.type + ".%", kind.total == 0 ? 0 : used * 100 / total,
                   "Used part in percent"});
  }
}

void AddUptimeMetrics(double uptime, int64_t now, const checks::TimeZone& zone,
                      std::vector<sdk::Metric>& out) {
  const std::string bundle = "system.uptime";
  const int64_t seconds = checks::TruncateToInteger(uptime);
  const auto raw = static_cast<double>(seconds);
  // Both are the uptime: clients of NSClient++ know boot.raw so.
  out.push_back({bundle, "ticks.raw", raw, "Seconds since the system started"});
  out.push_back({bundle, "boot.raw", raw, "Seconds since the system started"});
  out.push_back({bundle, "uptime", checks::FormatUptime(seconds, 'w'), ""});
  out.push_back({bundle, "boot", zone.Format(now - seconds), ""});
}

}  // namespace nscp::check_system
