#include "workers/check_disk/trend.h"

#include <doctest/doctest.h>

#include "workers/check_disk/trend_collector.h"

namespace nscp::check_disk {
namespace {

constexpr int64_t kStart = 1700000000;
constexpr int64_t kDay = 86400;

// Constructed: `samples` of a drive of 1000 bytes, every 300 s, each `step` larger.
TrendHistory Growing(int samples, int64_t step, int64_t first = 100) {
  TrendHistory history;
  for (int i = 0; i < samples; ++i) {
    history.Add("/", kStart + i * 300, static_cast<uint64_t>(first + i * step), 1000);
  }
  return history;
}

TEST_CASE("a straight line through the samples gives the pace and the end") {
  const struct {
    int samples;
    int64_t step;
    bool known;
    std::optional<int64_t> full_in;  // of 300 free bytes
    std::optional<int64_t> rate;
  } rows[] = {
      {3, 10, false, {}, {}},      // too short
      {4, 10, true, 9000, 2880},   // 10 bytes in 300 s
      {288, 1, true, 90000, 288},  // a day
      {20, -1, true, {}, -288},    // shrinks
      {20, 0, true, {}, 0},        // stands still
  };
  for (const auto& row : rows) {
    CAPTURE(row.samples);
    const TrendHistory history = Growing(row.samples, row.step, 500);
    const int64_t now = kStart + row.samples * 300;
    const Trend trend = history.Over("/", now, kDay);
    CHECK(trend.slope.has_value() == row.known);
    CHECK(trend.samples == row.samples);
    CHECK(trend.span == (row.samples - 1) * 300);
    CHECK(trend.FullIn(300) == row.full_in);
    CHECK(trend.BytesPerDay() == row.rate);
  }
}

TEST_CASE("only the window counts, and an unknown drive has no trend") {
  TrendHistory history = Growing(10, 0);
  for (int i = 10; i < 20; ++i) {
    history.Add("/", kStart + i * 300, static_cast<uint64_t>(100 + 30 * (i - 9)), 1000);
  }
  const int64_t now = kStart + 19 * 300;
  CHECK(*history.Over("/", now, 3000).slope == doctest::Approx(0.1));
  CHECK(*history.Over("/", now, kDay).slope < 0.1);
  CHECK(history.Over("/", now - kDay, kDay).samples == 0);
  CHECK_FALSE(history.Over("/home", now, kDay).slope);
}

TEST_CASE("samples come one an interval, go with the retention and with a new size") {
  TrendHistory history;
  history.Configure(100, 1000);
  for (int64_t second = 0; second <= 5000; second += 10) {
    history.Add("/", kStart + second, 5, 1000);
  }
  CHECK(history.Over("/", kStart + 5000, kDay).samples == 11);
  history.Add("/", kStart + 4000, 5, 1000);  // a clock that was set back
  CHECK(history.Over("/", kStart + 5000, kDay).samples == 11);
  history.Add("/", kStart + 5001, 5, 2000);
  CHECK(history.Over("/", kStart + 5001, kDay).samples == 1);
}

TEST_CASE("a pace of almost nothing is no date in a far century") {
  Trend trend;
  trend.slope = 1e-9;
  CHECK_FALSE(trend.FullIn(1000000000));
  trend.slope = 1;
  CHECK(trend.FullIn(0) == 0);
}

TEST_CASE("the collector samples real drives that answer") {
  SpaceReader reader([](const std::string& path) -> Result<Space> {
    if (path == "/broken") return Status::Unavailable("no");
    Space space;
    space.size = 1000;
    space.free = 400;
    return space;
  });
  std::vector<Mount> mounts(3);
  mounts[0].point = "/";
  mounts[1].point = "/proc";
  mounts[1].pseudo = true;
  mounts[2].point = "/broken";
  int64_t now = kStart;
  TrendCollector collector([&] { return Result<std::vector<Mount>>(mounts); }, reader,
                           [&] { return now; });
  collector.Configure(INT64_MAX, 1000);
  collector.Configure(60, 1000);
  collector.Sample();
  now += 60;
  collector.Sample();
  CHECK(collector.Over("/", kDay).samples == 2);
  CHECK(collector.Over("/proc", kDay).samples == 0);
  CHECK(collector.Over("/broken", kDay).samples == 0);
  collector.Start();
  collector.Start();
  collector.Stop();
}

}  // namespace
}  // namespace nscp::check_disk
