#include "workers/check_disk/disk_metrics.h"

#include <doctest/doctest.h>

#include <map>

namespace nscp::check_disk {
namespace {

Mount At(const std::string& point, bool pseudo = false) {
  Mount mount;
  mount.point = point;
  mount.pseudo = pseudo;
  return mount;
}

TEST_CASE("real drives that answer have figures, others have none") {
  SpaceReader reader([](const std::string& path) -> Result<Space> {
    if (path == "/gone") return Status::NotFound("gone");
    Space space;
    space.size = path == "/empty" ? 0 : 1000;
    space.free = 250;
    space.user_free = 200;
    return space;
  });
  std::map<std::string, double> figures;
  for (const sdk::Metric& metric :
       DriveMetrics({At("/"), At("/proc", true), At("/gone"), At("/empty")}, reader,
                    SpaceReader::Clock::now() + std::chrono::seconds(10))) {
    figures[metric.bundle + "." + metric.key] = std::get<double>(metric.value);
  }
  CHECK(figures == std::map<std::string, double>{{"disk.free./.total", 1000},
                                                 {"disk.free./.free", 250},
                                                 {"disk.free./.used", 750},
                                                 {"disk.free./.user_free", 200},
                                                 {"disk.free./.free_pct", 25},
                                                 {"disk.free./.used_pct", 75}});
}

TEST_CASE("what disks do is a metric of each figure") {
  DiskActivity disk;
  disk.name = "sda";
  disk.read_bytes = 4096;
  disk.busy = 25;
  disk.latency = 1.5;
  std::vector<sdk::Metric> metrics;
  AddActivityMetrics({disk}, metrics);
  std::map<std::string, double> figures;
  for (const auto& metric : metrics) {
    figures[metric.bundle + "." + metric.key] = std::get<double>(metric.value);
  }
  CHECK(figures.size() == 11);
  CHECK(figures["disk.io.sda.read_bytes_per_sec"] == 4096);
  CHECK(figures["disk.io.sda.percent_disk_time"] == 25);
  CHECK(figures["disk.io.sda.percent_idle_time"] == 75);
  CHECK(figures["disk.io.sda.total_latency"] == 1.5);
  metrics.clear();
  AddActivityMetrics(std::vector<DiskActivity>(kMaxDrivesInMetrics + 1, disk), metrics);
  CHECK(metrics.size() == 11 * kMaxDrivesInMetrics);
}

TEST_CASE("at most so many drives are asked") {
  SpaceReader reader([](const std::string&) -> Result<Space> {
    Space space;
    space.size = 1;
    return space;
  });
  const std::vector<Mount> many(kMaxDrivesInMetrics + 1, At("/"));
  CHECK(DriveMetrics(many, reader, SpaceReader::Clock::now() + std::chrono::seconds(60))
            .size() == 6 * kMaxDrivesInMetrics);
}

}  // namespace
}  // namespace nscp::check_disk
