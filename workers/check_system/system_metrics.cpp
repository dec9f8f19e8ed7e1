#include "workers/check_system/system_metrics.h"

#include "proto/cpp/text.h"
#include "workers/check_system/check_cpu_frequency.h"
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

void AddNetworkMetrics(const std::vector<NetworkRow>& rows,
                       std::vector<sdk::Metric>& out) {
  const std::string bundle = "system.network";
  for (const NetworkRow& row : rows) {
    const std::string& name = row.counters.name;
    const auto received = static_cast<double>(row.received);
    const auto sent = static_cast<double>(row.sent);
    out.push_back({bundle, name + ".received", received, "Bytes received per second"});
    out.push_back({bundle, name + ".sent", sent, "Bytes sent per second"});
    out.push_back({bundle, name + ".total", received + sent, "Bytes per second"});
    out.push_back({bundle, name + ".status", row.facts.link_status, ""});
  }
}

void AddFrequencyMetrics(const std::vector<CpuFrequency>& cores,
                         std::vector<sdk::Metric>& out) {
  if (cores.empty()) return;
  const std::string bundle = "system.cpu_frequency";
  auto add = [&](const CpuFrequency& frequency) {
    const std::string name = ReplaceAll(frequency.name, " ", "_");
    out.push_back({bundle, name + ".current_mhz", static_cast<double>(frequency.current),
                   "Clock of now in megahertz"});
    out.push_back({bundle, name + ".max_mhz", static_cast<double>(frequency.maximum),
                   "Fastest clock in megahertz"});
    out.push_back({bundle, name + ".frequency_pct",
                   static_cast<double>(FrequencyPercent(frequency)),
                   "Clock of now in percent of the fastest"});
  };
  for (const CpuFrequency& core : cores) add(core);
  add(AverageFrequency(cores));
}

void AddTemperatureMetrics(const std::vector<Temperature>& sensors,
                           std::vector<sdk::Metric>& out) {
  for (const Temperature& sensor : sensors) {
    out.push_back({"system.temperature", sensor.name + ".temperature", sensor.celsius,
                   "Degrees Celsius"});
  }
}

void AddBatteryMetrics(const std::vector<Battery>& batteries,
                       std::vector<sdk::Metric>& out) {
  const std::string bundle = "system.battery";
  for (const Battery& battery : batteries) {
    auto add = [&](const char* key, int64_t value, const char* description) {
      out.push_back(
          {bundle, battery.name + "." + key, static_cast<double>(value), description});
    };
    if (battery.charge) add("charge", *battery.charge, "Charge in percent");
    if (battery.health) {
      add("health", *battery.health, "Percent of what it was made for");
    }
    add("present", battery.present ? 1 : 0, "1 if it is in its place");
    add("time_remaining", battery.time_remaining, "Seconds until it is empty, or -1");
    add("charge_rate", battery.charge_rate, "Milliwatts");
    add("discharge_rate", battery.discharge_rate, "Milliwatts");
    add("design_capacity", battery.design_capacity, "Milliwatt hours");
    add("full_capacity", battery.full_capacity, "Milliwatt hours");
    add("remaining_capacity", battery.remaining_capacity, "Milliwatt hours");
    out.push_back({bundle, battery.name + ".power_source", battery.power_source, ""});
    out.push_back({bundle, battery.name + ".status", battery.status, ""});
  }
}

}  // namespace nscp::check_system
