#include <doctest/doctest.h>

#include "workers/check_system/check_load.h"
#include "workers/check_system/check_memory.h"
#include "workers/check_system/proc_meminfo.h"

namespace nscp::check_system {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

// Recorded: Linux 6.18 in a virtual machine with 24 GB, shortened after SwapFree.
constexpr char kRecordedMeminfo[] =
    "MemTotal:       24730032 kB\n"
    "MemFree:        13741972 kB\n"
    "MemAvailable:   23107184 kB\n"
    "Buffers:           82172 kB\n"
    "Cached:          9250772 kB\n"
    "SwapCached:            0 kB\n"
    "Active:          5605116 kB\n"
    "SwapTotal:             0 kB\n"
    "SwapFree:              0 kB\n";

// Constructed: round numbers.
constexpr char kRoundMeminfo[] =
    "MemTotal:        8388608 kB\n"
    "MemFree:         1048576 kB\n"
    "Buffers:          524288 kB\n"
    "Cached:          4718592 kB\n"
    "SwapTotal:       2097152 kB\n"
    "SwapFree:        1048576 kB\n";

TEST_CASE("the text of /proc/meminfo gives three kinds of memory") {
  const auto memory = ParseMeminfo(kRecordedMeminfo);
  REQUIRE(memory.ok());
  const auto& kinds = memory->kinds;
  REQUIRE(kinds.size() == 3);
  CHECK(kinds[0].type == "physical");
  CHECK(kinds[0].total == 24730032ull * 1024);
  CHECK(kinds[0].free == 13741972ull * 1024);
  CHECK(kinds[1].type == "cached");
  CHECK(kinds[1].total == 24730032ull * 1024);
  CHECK(kinds[1].free == (13741972ull + 82172 + 9250772) * 1024);
  CHECK(kinds[2].type == "swap");
  CHECK(kinds[2].total == 0);
}

TEST_CASE("a /proc/meminfo with fields missing or wrong is read as far as it goes") {
  // Constructed: what a container's file system or an old kernel may leave out.
  for (const char* text :
       {"", "MemTotal: 5 kB\n", "MemFree: 5 kB\n", "MemTotal: x kB\nMemFree: 5 kB\n",
        "MemTotalX: 5\nMemFree: 5"}) {
    CHECK_FALSE(ParseMeminfo(text).ok());
  }
  const auto least = ParseMeminfo("MemTotal: 100 kB\nMemFree: 300 kB");
  REQUIRE(least.ok());
  for (const Memory& memory : least->kinds) CHECK(memory.free <= memory.total);
}

sdk::CheckResult RunMemory(const Words& arguments, const char* text = kRoundMeminfo) {
  return MemoryCheck().Run(arguments, checks::Environment(), ParseMeminfo(text));
}

TEST_CASE("check_memory lists and judges what there is") {
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{},
       State::kWarning,
       "WARNING: physical = 7GB, cached = 2GB, swap = 1GB|'physical'=7GB;6.4;7.2;0;8 "
       "'physical %'=88%;80;90;0;100 'cached'=2GB;6.4;7.2;0;8 'cached %'=25%;80;90;0;100 "
       "'swap'=1GB;1.6;1.8;0;2 'swap %'=50%;80;90;0;100"},
      {{"type=physical", "warn=free < 20%", "crit=free < 512M"},
       State::kWarning,
       "WARNING: physical = 7GB|'physical'=1GB;1.6;0.5;0;8 'physical "
       "%'=13%;20;6;0;100"},
      {{"type=swap", "type=cached", "warn=used > 50", "crit=used > 1.5g"},
       State::kCritical,
       "CRITICAL: swap = 1GB, cached = 2GB|'swap'=1GB;1;1.5;0;2 'swap %'=50%;50;75;0;100 "
       "'cached'=2GB;4;1.5;0;8 'cached %'=25%;50;19;0;100"},
      {{"type=physical", "warn=size > 1g", "crit=none", "detail-syntax=%(size) %(free)"},
       State::kWarning,
       "WARNING: 8GB 1GB|'physical_size'=8589934592;1073741824;0"},
      {{"filter=type = 'swap'", "warn=none", "crit=none"}, State::kOk, "OK: swap = 1GB"},
      {{"type=hidden"}, State::kUnknown, "Invalid type: hidden"},
  };
  for (const auto& row : rows) {
    const auto result = RunMemory(row.arguments);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
  CHECK(sdk::FormatPlain(RunMemory({"type=swap"}, kRecordedMeminfo)) ==
        "OK: swap = 0B|'swap'=0B;0;0;0;0");
  CHECK(RunMemory({}, "").lines[0].message ==
        "Failed to parse /proc/meminfo: it has no MemTotal and MemFree");
  const auto wrong = RunMemory({"warn=used > 'x'"});
  CHECK(wrong.lines[0].message.rfind("Failed to validate filter", 0) == 0);
}

TEST_CASE("the text of /proc/loadavg is read, and what is none is told") {
  // The first is the example of proc(5), the second recorded, the others constructed.
  const struct {
    const char* text;
    bool ok;
    double load15;
    int64_t running;
    int64_t total;
  } rows[] = {
      {"0.20 0.18 0.12 1/80 11206\n", true, 0.12, 1, 80},
      {"11.54 7.10 4.30 12/134 13553\n", true, 4.3, 12, 134},
      {"1 2 3", true, 3, 0, 0},
      {"1 2 3 many", true, 3, 0, 0},
      {"1 2 3 5/x", true, 3, 0, 0},
      {"1 2\n3", false, 0, 0, 0},
      {"a b c", false, 0, 0, 0},
      {"", false, 0, 0, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto load = ParseLoadAverage(row.text);
    REQUIRE(load.ok() == row.ok);
    if (!row.ok) continue;
    CHECK(load->load15 == row.load15);
    CHECK(load->running == row.running);
    CHECK(load->total == row.total);
  }
  CHECK(ParseLoadAverage("nonsense\n").status().message() ==
        "Failed to parse /proc/loadavg: 'nonsense'");
}

TEST_CASE("check_load prints and judges the averages") {
  LoadAverage average = *ParseLoadAverage("0.96 0.79 0.75 2/310 9\n");
  average.cpus = 4;
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{},
       State::kOk,
       "OK: total load average: 0.96, 0.79, 0.75|'total_load1'=0.95999;0;0 "
       "'total_load15'=0.75;0;0 'total_load5'=0.79;0;0"},
      {{"percpu", "warn=load > 0.2", "crit=load1 > 0.3", "perf-config=none"},
       State::kWarning,
       "WARNING: scaled load average: 0.24, 0.1975, 0.1875|'scaled_load'=0.23999;0.2;0 "
       "'scaled_load1'=0.23999;0;0.29999"},
      {{"warn=procs_running > 1", "crit=procs_total > 310", "perf-config=none",
        "detail-syntax=%(procs_running) of %(procs_total)"},
       State::kWarning,
       "WARNING: 2 of 310|'total_procs_running'=2;1;0 'total_procs_total'=310;0;310"},
  };
  for (const auto& row : rows) {
    const auto result = LoadCheck().Run(row.arguments, checks::Environment(), average);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
  const auto failed = LoadCheck().Run(
      {}, checks::Environment(), Status::Unavailable("Failed to read /proc/loadavg"));
  CHECK(failed.lines[0].message == "Failed to read /proc/loadavg");
}

}  // namespace
}  // namespace nscp::check_system
