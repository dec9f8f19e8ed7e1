// The parts that only count and calculate: back-off, health, lines of output.
#include <doctest/doctest.h>

#include "kernel/supervisor/backoff.h"
#include "kernel/supervisor/health_watch.h"
#include "kernel/supervisor/output_lines.h"

namespace nscp::kernel {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Due = HealthWatch::Due;

constexpr HealthWatch::TimePoint kStart = HealthWatch::TimePoint(seconds(1000));

TEST_CASE(
    "a back-off doubles from half a second to its cap and begins anew after a reset") {
  Backoff backoff(milliseconds(500), milliseconds(60000));
  for (int expected : {500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000}) {
    CHECK(backoff.Next(0.5) == milliseconds(expected));
  }
  for (int i = 0; i < 100; ++i) CHECK(backoff.Next(0.5) == milliseconds(60000));
  backoff.Reset();
  CHECK(backoff.Next(0.5) == milliseconds(500));
}

TEST_CASE("a back-off varies by a fifth and is never nothing") {
  CHECK(Backoff(milliseconds(500), milliseconds(60000)).Next(0.0) == milliseconds(400));
  CHECK(Backoff(milliseconds(500), milliseconds(60000)).Next(1.0) == milliseconds(600));
  CHECK(Backoff(milliseconds(0), milliseconds(0)).Next(0.0) == milliseconds(1));
}

HealthWatch Watch() {
  HealthWatch watch(seconds(5), seconds(2), 3);
  watch.Begin(kStart);
  return watch;
}

TEST_CASE("a health check is due every five seconds") {
  HealthWatch watch = Watch();
  CHECK(watch.Deadline() == kStart + seconds(5));
  CHECK(watch.OnTimer(kStart + milliseconds(4999)) == Due::kNothing);
  CHECK(watch.OnTimer(kStart + seconds(5)) == Due::kCheck);
  CHECK(watch.Deadline() == kStart + seconds(7));
  watch.Answer(true);
  CHECK(watch.Deadline() == kStart + seconds(10));
  CHECK(watch.OnTimer(kStart + seconds(10)) == Due::kCheck);
}

TEST_CASE("three checks without an answer in a row are a hung process, two are not") {
  HealthWatch watch = Watch();
  for (int check : {5, 10, 15}) {
    CHECK(watch.OnTimer(kStart + seconds(check)) == Due::kCheck);
    CHECK(watch.OnTimer(kStart + seconds(check + 2)) ==
          (check == 15 ? Due::kHung : Due::kNothing));
  }
  watch = Watch();
  for (int check : {5, 10}) {
    CHECK(watch.OnTimer(kStart + seconds(check)) == Due::kCheck);
    watch.Answer(false);
  }
  CHECK(watch.missed() == 2);
  CHECK(watch.OnTimer(kStart + seconds(15)) == Due::kCheck);
  watch.Answer(true);
  CHECK(watch.missed() == 0);
}

TEST_CASE("a miss that is told twice counts once") {
  HealthWatch watch = Watch();
  CHECK(watch.OnTimer(kStart + seconds(5)) == Due::kCheck);
  CHECK(watch.OnTimer(kStart + seconds(7)) == Due::kNothing);
  watch.Answer(false);
  CHECK(watch.missed() == 1);
}

TEST_CASE("a sleep of the machine is no miss") {
  HealthWatch watch = Watch();
  CHECK(watch.OnTimer(kStart + seconds(5)) == Due::kCheck);
  watch.Answer(false);
  CHECK(watch.OnTimer(kStart + seconds(10)) == Due::kCheck);
  watch.Forgive(kStart + seconds(3600));
  watch.Answer(false);  // of the check before the sleep
  CHECK(watch.missed() == 0);
  CHECK(watch.OnTimer(kStart + seconds(3601)) == Due::kNothing);
  CHECK(watch.OnTimer(kStart + seconds(3605)) == Due::kCheck);
}

struct Lines {
  std::vector<std::string> told;
  OutputLines output{[this](const std::string& line) { told.push_back(line); }};
};

TEST_CASE("output is split into lines, each stream for itself") {
  Lines lines;
  lines.output.Feed(0, "one\ntw", kStart);
  lines.output.Feed(1, "err", kStart);
  lines.output.Feed(0, "o\r\n\nlast", kStart);
  CHECK(lines.told == std::vector<std::string>{"one", "two", ""});
  lines.output.Finish(kStart);
  CHECK(lines.told == std::vector<std::string>{"one", "two", "", "last", "err"});
  CHECK(lines.output.Last() == lines.told);
}

TEST_CASE("a long line is cut with a marker and its rest is not a line of its own") {
  Lines lines;
  lines.output.Feed(0, std::string(kMaxLineBytes, 'a') + "\n", kStart);
  lines.output.Feed(0, std::string(100000, 'b'), kStart);
  lines.output.Feed(0, std::string(100000, 'b') + "\nnext\n", kStart);
  REQUIRE(lines.told.size() == 3);
  CHECK(lines.told[0] == std::string(kMaxLineBytes, 'a'));
  CHECK(lines.told[1] == std::string(kMaxLineBytes, 'b') + " [line cut]");
  CHECK(lines.told[2] == "next");
}

TEST_CASE("lines beyond the rate are counted, and told when their second is over") {
  Lines lines;
  for (uint32_t i = 0; i < kMaxLinesPerSecond + 7; ++i) {
    lines.output.Feed(0, std::to_string(i) + "\n", kStart);
  }
  CHECK(lines.told.size() == kMaxLinesPerSecond);
  CHECK(lines.output.Deadline() == kStart + seconds(1));
  lines.output.OnTimer(kStart + seconds(1));
  CHECK(lines.told.back() == "[7 more lines within a second, left out]");
  CHECK(lines.output.Deadline() == HealthWatch::TimePoint::max());
  lines.output.Feed(0, "again\n", kStart + seconds(1));
  CHECK(lines.told.back() == "again");
  CHECK(lines.output.Last().back() == "again");
  CHECK(lines.output.Last().size() == kLastLines);
}

TEST_CASE("the last lines are bounded in bytes too") {
  Lines lines;
  for (int i = 0; i < 20; ++i) {
    lines.output.Feed(0, std::string(kMaxLineBytes, 'x') + "\n", kStart);
  }
  CHECK(lines.output.Last().size() == kMaxLastBytes / kMaxLineBytes);
}

}  // namespace
}  // namespace nscp::kernel
