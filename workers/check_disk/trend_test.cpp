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

TEST_CASE("a history that was written down is the same history again") {
  TrendHistory history = Growing(288, 3);
  history.Add("/mnt/a b%\xff", kStart, 1, 1000);
  const std::string text = history.Write();
  for (const char c : text) CHECK((c == '\n' || (c >= ' ' && c < 0x7f)));
  const int64_t now = kStart + 288 * 300;
  TrendHistory again;
  again.Read(text, now);
  CHECK(again.Write() == text);
  CHECK(*again.Over("/", now, kDay).slope == *history.Over("/", now, kDay).slope);
  CHECK(again.Over("/mnt/a b%\xff", now, kDay).samples == 1);

  // What is too old, of the future, known already or of another size stays out.
  TrendHistory later;
  later.Configure(300, 600);
  later.Read(text, now);
  CHECK(later.Over("/", now, kDay).samples == 2);
  TrendHistory earlier;
  earlier.Read(text, kStart + 600);
  CHECK(earlier.Over("/", kStart + 600, kDay).samples == 3);
  TrendHistory running;
  running.Add("/", kStart + 900, 5, 1000);
  running.Read(text, now);
  running.Read(text, now);
  CHECK(running.Over("/", now, 2 * kDay).samples == 4);
  CHECK(running.Over("/", now, 2 * kDay).span == 900);
  TrendHistory grown;
  grown.Add("/", kStart + 900, 5, 2000);
  grown.Read(text, now);
  CHECK(grown.Over("/", now, 2 * kDay).samples == 1);
  CHECK(TrendHistory().Write().empty());
}

TEST_CASE("damaged texts cost what is damaged") {
  const struct {
    const char* text;
    int64_t samples;  // of "/"
  } rows[] = {
      {"", 0},
      {"trend 2\n/ 1000 1700000000 5\n", 0},
      {"trend 1\n/ 1000 1700000000 5\n", 1},
      {"trend 1\n/ 1000 1700000000 5 300 1 0 1 300 1\n", 2},
      {"trend 1\n/ 1000 1700000000 5 300\n", 1},
      {"trend 1\n/ 1000 1700000000 5 x 1\n", 1},
      {"trend 1\n/ 1000 -5 5\n", 0},
      {"trend 1\n/ 1000 9223372036854775807 5 9223372036854775807 1\n", 0},
      {"trend 1\n/ 1000 1700000000 -1\n", 0},
      {"trend 1\n/ 1000 1700000000 1001\n", 0},
      {"trend 1\n/\n%2 5 5\n\n / 1 1 1\n/ 1000 1700000000 5", 1},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    TrendHistory history;
    history.Read(row.text, kStart + 1000);
    CHECK(history.Over("/", kStart + 1000, kDay).samples == row.samples);
  }
}

TEST_CASE("the text of many samples keeps its bound, the span and the newest sample") {
  TrendHistory history;
  history.Configure(1, 100 * kDay);
  for (int drive = 0; drive < 20; ++drive) {
    for (int64_t i = 0; i < 10000; ++i) {
      history.Add("/" + std::to_string(drive), kStart + i, 1ull << 60, 1ull << 61);
    }
  }
  const std::string text = history.Write();
  CHECK(text.size() < kMaxTrendText);
  TrendHistory again;
  again.Configure(1, 100 * kDay);
  again.Read(text, kStart + kDay);
  const Trend trend = again.Over("/19", kStart + 9999, kDay);
  CHECK(trend.samples > 1000);
  CHECK(trend.span > 9980);
  CHECK(again.Over("/19", kStart + 9999, 0).samples == 1);
}

TEST_CASE("the collector begins with what it kept and keeps what it has at its stop") {
  SpaceReader reader(
      [](const std::string&) -> Result<Space> { return Status::Unavailable("no"); });
  std::string kept = Growing(5, 10).Write();
  const std::string before = kept;
  int saved = 0;
  TrendCollector collector(
      [] { return Result<std::vector<Mount>>(std::vector<Mount>()); }, reader,
      [] { return kStart + 1500; },
      {[&] { return kept; },
       [&](const std::string& text) {
         kept = text;
         ++saved;
       }});
  collector.Start();
  collector.Stop();
  CHECK(collector.Over("/", kDay).samples == 5);
  CHECK(saved == 1);
  CHECK(kept == before);
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
