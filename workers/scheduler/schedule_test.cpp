#include "workers/scheduler/schedule.h"

#include <doctest/doctest.h>

#include <map>

#include "workers/scheduler/timetable.h"

namespace nscp::scheduler {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
constexpr char kPath[] = "/settings/scheduler/schedules";

struct Read {
  std::vector<Schedule> schedules;
  std::vector<std::string> log;
};

// One schedule `x` with these keys.
Read ReadOne(const std::map<std::string, std::string>& keys,
             const std::string& line = "") {
  std::vector<sdk::Settings::Entry> entries;
  if (!line.empty()) entries.push_back({kPath, "x", line});
  for (const auto& [key, value] : keys) {
    entries.push_back({std::string(kPath) + "/x", key, value});
  }
  Read read;
  read.schedules = ReadSchedules(
      sdk::Settings(entries), kPath,
      [&](sdk::LogLevel, std::string_view text) { read.log.emplace_back(text); });
  return read;
}

TEST_CASE("all that a schedule may say") {
  const Read read = ReadOne({{"command", "CHECK_CPU \"warn=load > 80\" time=5m"},
                             {"alias", "cpu load"},
                             {"channel", "NRDP,CACHE"},
                             {"interval", "5m"},
                             {"randomness", "20%"},
                             {"report", "crit,unknown"},
                             {"target", "central"},
                             {"source", "web1"},
                             {"run on startup", "true"}});
  REQUIRE(read.schedules.size() == 1);
  const Schedule& s = read.schedules[0];
  CHECK(s.name == "cpu load");
  CHECK(s.query.command == "check_cpu");
  CHECK(s.query.arguments == std::vector<std::string>{"warn=load > 80", "time=5m"});
  CHECK(s.channel == "NRDP,CACHE");
  CHECK(*s.interval == seconds(300));
  CHECK(s.randomness == doctest::Approx(0.2));
  CHECK_FALSE(s.reports[0]);
  CHECK_FALSE(s.reports[1]);
  CHECK(s.reports[2]);
  CHECK(s.reports[3]);
  CHECK(s.target == "central");
  CHECK(s.source == "web1");
  CHECK(s.run_on_startup);
  CHECK(read.log.empty());
}

TEST_CASE("what it is where it says little") {
  std::vector<sdk::Settings::Entry> entries = {
      {kPath, "short", "check_ok message=hi"},
      {std::string(kPath) + "/default", "interval", "30"},
      {std::string(kPath) + "/cheap", "command", "check_ok"},
      {std::string(kPath) + "/cheap", "channel", "drop"},
  };
  const auto schedules = ReadSchedules(sdk::Settings(entries), kPath,
                                       [](sdk::LogLevel, std::string_view) {});
  REQUIRE(schedules.size() == 2);
  for (const Schedule& s : schedules) {
    CHECK(*s.interval == seconds(30));
    CHECK(s.reports[0]);
    CHECK_FALSE(s.run_on_startup);
    if (s.name == "short") CHECK(s.channel == "NSCA");
    if (s.name == "cheap") CHECK_FALSE(s.sends());
  }
}

TEST_CASE("what cannot be used is left out, and the log says why") {
  const struct {
    std::map<std::string, std::string> keys;
    const char* says;
  } rows[] = {
      {{{"command", "check_ok"}}, "neither an interval nor a schedule"},
      {{{"command", "check_ok"}, {"interval", "5m"}, {"schedule", "* * * * *"}},
       "an interval and a schedule"},
      {{{"command", "check_ok"}, {"interval", "0"}}, "interval is 0"},
      {{{"command", "check_ok"}, {"interval", "soon"}}, "'soon' is no time"},
      {{{"command", "check_ok"}, {"interval", "9999999999w"}}, "is no time"},
      {{{"command", "check_ok"}, {"interval", "5m"}, {"randomness", "much"}}, "'much'"},
      {{{"command", "check_ok"}, {"interval", "5m"}, {"randomness", "120%"}}, "'120%'"},
      {{{"command", "check_ok"}, {"schedule", "* * * *"}}, "five fields"},
      {{{"command", "check_ok"}, {"interval", "5m"}, {"report", "bad"}}, "'bad'"},
      {{{"interval", "5m"}}, "no command"},
      {{{"command", "check_ok \\x"}, {"interval", "5m"}}, "escape"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.says);
    const Read read = ReadOne(row.keys);
    CHECK(read.schedules.empty());
    REQUIRE(read.log.size() == 1);
    CHECK(read.log[0].find("The schedule x is left out") != std::string::npos);
    CHECK(read.log[0].find(row.says) != std::string::npos);
  }
}

Instant At(int64_t second) {
  return {std::chrono::steady_clock::time_point(seconds(1000 + second)),
          1704283200 + second};
}

std::vector<Schedule> Every(const std::map<std::string, std::string>& keys) {
  auto all = keys;
  all["command"] = "check_ok";
  Read read = ReadOne(all);
  REQUIRE(read.schedules.size() == 1);
  return std::move(read.schedules);
}

TEST_CASE("an interval is due again and again, and once for what was missed") {
  const auto schedules = Every({{"interval", "10s"}});
  Timetable table(schedules, {}, milliseconds(0), At(0), 1);
  CHECK(table.TakeDue(At(9)).empty());
  CHECK(table.Sleep(At(9)) == seconds(1));
  CHECK(table.TakeDue(At(10)) == std::vector<size_t>{0});
  CHECK(table.TakeDue(At(10)).empty());
  CHECK(table.TakeDue(At(55)) == std::vector<size_t>{0});
  CHECK(table.TakeDue(At(64)).empty());
  CHECK(table.TakeDue(At(65)) == std::vector<size_t>{0});
}

TEST_CASE("a part of the interval is left to chance") {
  const auto schedules = Every({{"interval", "100s"}, {"randomness", "50%"}});
  bool differs = false;
  milliseconds first{0};
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    Timetable table(schedules, {}, milliseconds(0), At(0), seed);
    CHECK(table.TakeDue(At(49)).empty());
    CHECK(table.TakeDue(At(100)).size() == 1);
    const milliseconds next = table.Sleep(At(150 + 26));
    if (seed == 1) first = next;
    differs = differs || next != first;
  }
  CHECK(differs);
}

TEST_CASE("those that run at the start do so within the window") {
  const auto schedules = Every({{"interval", "1h"}, {"run on startup", "true"}});
  Timetable at_once(schedules, {}, milliseconds(0), At(0), 1);
  CHECK(at_once.TakeDue(At(0)).size() == 1);
  CHECK(at_once.TakeDue(At(3599)).empty());
  CHECK(at_once.TakeDue(At(3600)).size() == 1);
  Timetable later(schedules, {}, seconds(60), At(0), 7);
  CHECK(later.TakeDue(At(60)).size() == 1);
}

TEST_CASE("cron goes by the clock on the wall, also when it is set") {
  const auto schedules = Every({{"schedule", "5 * * * *"}});
  const auto zone = checks::TimeZone::Parse("utc");
  Timetable table(schedules, *zone, milliseconds(0), At(0), 1);
  CHECK(table.Sleep(At(0)) == Timetable::kLongestSleep);
  CHECK(table.TakeDue(At(299)).empty());
  CHECK(table.Sleep(At(299)) == seconds(1));
  Instant set = At(299);
  set.wall += 3600;  // the steady clock has not moved
  CHECK(table.TakeDue(set).size() == 1);
  CHECK(table.TakeDue(set).empty());
  set.wall += 1;
  CHECK(table.TakeDue(set).size() == 1);
}

}  // namespace
}  // namespace nscp::scheduler
