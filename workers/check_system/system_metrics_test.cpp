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

}  // namespace
}  // namespace nscp::check_system
