#include "workers/check_system/system_metrics.h"

#include <doctest/doctest.h>

#include <map>

#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

using Figures = std::map<std::string, std::variant<double, std::string>>;

Figures ByPath(const std::vector<sdk::Metric>& metrics) {
  Figures figures;
  for (const sdk::Metric& metric : metrics) {
    figures[metric.bundle + "." + metric.key] = metric.value;
  }
  return figures;
}

TEST_CASE("each core and all together have four shares") {
  std::vector<sdk::Metric> metrics;
  AddCpuMetrics({{10, 5, 85}, {{20, 10, 70}}}, metrics);
  CHECK(ByPath(metrics) == Figures{{"system.cpu.total.idle", 85.0},
                                   {"system.cpu.total.user", 10.0},
                                   {"system.cpu.total.kernel", 5.0},
                                   {"system.cpu.total.total", 15.0},
                                   {"system.cpu.core_0.idle", 70.0},
                                   {"system.cpu.core_0.user", 20.0},
                                   {"system.cpu.core_0.kernel", 10.0},
                                   {"system.cpu.core_0.total", 30.0}});
}

TEST_CASE("memory is bytes and a part, and no swap is no division by zero") {
  std::vector<sdk::Metric> metrics;
  AddMemoryMetrics({{"physical", 1000, 250}, {"swap", 0, 0}}, metrics);
  CHECK(ByPath(metrics) == Figures{{"system.mem.physical.total", 1000.0},
                                   {"system.mem.physical.avail", 250.0},
                                   {"system.mem.physical.used", 750.0},
                                   {"system.mem.physical.%", 75.0},
                                   {"system.mem.swap.total", 0.0},
                                   {"system.mem.swap.avail", 0.0},
                                   {"system.mem.swap.used", 0.0},
                                   {"system.mem.swap.%", 0.0}});
}

TEST_CASE("the uptime is seconds and words") {
  std::vector<sdk::Metric> metrics;
  AddUptimeMetrics(90061.7, 1000000000, checks::TimeZone(), metrics);
  const Figures figures = ByPath(metrics);
  CHECK(figures.at("system.uptime.ticks.raw") == Figures::mapped_type(90061.0));
  CHECK(figures.at("system.uptime.boot.raw") == Figures::mapped_type(90061.0));
  CHECK(std::get<std::string>(figures.at("system.uptime.uptime")) ==
        checks::FormatUptime(90061, 'w'));
  CHECK(std::get<std::string>(figures.at("system.uptime.boot")) ==
        checks::TimeZone().Format(1000000000 - 90061));
}

TEST_CASE("interfaces have rates and a state") {
  NetworkRow row;
  row.counters.name = "eth0";
  row.received = 100;
  row.sent = 20;
  row.facts.link_status = "up";
  std::vector<sdk::Metric> metrics;
  AddNetworkMetrics({row}, metrics);
  CHECK(ByPath(metrics) == Figures{{"system.network.eth0.received", 100.0},
                                   {"system.network.eth0.sent", 20.0},
                                   {"system.network.eth0.total", 120.0},
                                   {"system.network.eth0.status", std::string("up")}});
}

TEST_CASE("clocks are those of the cores and their average") {
  std::vector<sdk::Metric> metrics;
  AddFrequencyMetrics({{"core 0", 1000, 4000, 800}, {"core 1", 2000, 4000, 800}},
                      metrics);
  CHECK(ByPath(metrics) == Figures{{"system.cpu_frequency.core_0.current_mhz", 1000.0},
                                   {"system.cpu_frequency.core_0.max_mhz", 4000.0},
                                   {"system.cpu_frequency.core_0.frequency_pct", 25.0},
                                   {"system.cpu_frequency.core_1.current_mhz", 2000.0},
                                   {"system.cpu_frequency.core_1.max_mhz", 4000.0},
                                   {"system.cpu_frequency.core_1.frequency_pct", 50.0},
                                   {"system.cpu_frequency.total.current_mhz", 1500.0},
                                   {"system.cpu_frequency.total.max_mhz", 4000.0},
                                   {"system.cpu_frequency.total.frequency_pct", 38.0}});
  metrics.clear();
  AddFrequencyMetrics({}, metrics);
  CHECK(metrics.empty());
}

TEST_CASE("sensors and batteries have figures of what they tell") {
  std::vector<sdk::Metric> metrics;
  AddTemperatureMetrics({{"acpitz", true, 27.8}}, metrics);
  CHECK(ByPath(metrics) == Figures{{"system.temperature.acpitz.temperature", 27.8}});
  metrics.clear();
  Battery battery;
  battery.name = "BAT0";
  battery.charge = 55;
  AddBatteryMetrics({battery}, metrics);
  const Figures figures = ByPath(metrics);
  CHECK(figures.at("system.battery.BAT0.charge") == Figures::mapped_type(55.0));
  CHECK(figures.at("system.battery.BAT0.status") ==
        Figures::mapped_type(std::string("unknown")));
  CHECK(figures.count("system.battery.BAT0.health") == 0);
}

}  // namespace
}  // namespace nscp::check_system
