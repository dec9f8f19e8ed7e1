// Updates, hardware, the time service and printers of Windows. Constructed: the texts of
// WMI are those of Microsoft's documentation of each class, the bits those of winspool.h.
#include <doctest/doctest.h>

#include "workers/check_system/check_hardware.h"
#include "workers/check_system/check_patch_age.h"
#include "workers/check_system/check_printers.h"
#include "workers/check_system/check_w32time.h"
#include "workers/check_system/test_counters.h"
#include "workers/check_system/test_registry.h"
#include "workers/check_system/windows_commands.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_system {
namespace {

using Words = std::vector<std::string>;

constexpr int64_t kNow = 1706745600;  // 2024-02-01
constexpr int64_t kDay = 24 * 3600;

std::string Told(const sdk::CheckResult& result) {
  return std::string(sdk::StateName(result.state)) + " " + sdk::FormatPlain(result);
}

checks::Environment AtNow() {
  checks::Environment environment;
  environment.now = kNow;
  return environment;
}

checks::TimeZone UtcZone() { return checks::TimeZone::Parse("utc").value_or({}); }

// Rows of texts; a number is one for WMI too.
wmi::Table TableOf(const Words& columns, const std::vector<Words>& rows) {
  wmi::Table table;
  for (const std::string& name : columns) table.columns.push_back({name, {}});
  for (const Words& texts : rows) {
    wmi::Row row;
    for (const std::string& text : texts) {
      wmi::Value value;
      value.is_null = text.empty();
      value.text = text;
      if (!text.empty() && text.find_first_not_of("0123456789") == std::string::npos) {
        value.integer = std::stoll(text);
      }
      row.push_back(value);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

TEST_CASE("the dates of updates are read in all forms of Windows") {
  const struct {
    const char* text;
    int64_t day;  // since 1970; -1 = none
  } rows[] = {
      {"1/31/2024", 19753},
      {" 12/1/2023 ", 19692},
      {"20240131", 19753},
      {"2/29/2024", 19782},
      {"01da54af2e4d8000", 19754},
      {"", -1},
      {"13/1/2024", -1},
      {"31.01.2024", -1},
      {"1/31/1970", -1},
      {"20241301", -1},
      {"2024013", -1},
      {"1/2", -1},
      {"x/y/z", -1},
      {"0000000000000001", -1},
      {"zzzzzzzzzzzzzzzz", -1},
      {"-1/1/2024", -1},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto seconds = ParseInstalledOn(row.text);
    CHECK(seconds.value_or(-kDay) / kDay == row.day);
  }
}

TEST_CASE("check_patch_age tells the newest update and what is missing") {
  const wmi::Table table =
      TableOf({"HotFixID", "InstalledOn"}, {{"KB5034441", "1/10/2024"},
                                            {"KB5033055", "12/20/2023"},
                                            {"", "1/31/2024"},
                                            {"KB1", ""}});
  const struct {
    Words arguments;
    const char* text;
  } rows[] = {
      {{},
       "OK OK: 3 hotfixes installed, newest KB5034441 on 1/10/2024 (22d "
       "ago)|'patch_age'=22;0;0 'patch_count'=3;0;0 'patch_missing'=0;0;0"},
      {{"hotfix=5034441", "hotfix=kb5033055", "hotfix=KB9", "perf-config=none",
        "detail-syntax=%(required) %(missing) %(missing_ids) %(ids)"},
       "CRITICAL CRITICAL: 3 1 KB9 KB5034441;KB5033055;KB1|'patch_missing'=1;0;0"},
      {{"warn=age > 3w", "perf-config=none", "detail-syntax=%(age) %(newest_id)"},
       "WARNING WARNING: 22 KB5034441|'patch_age'=22;21;0 'patch_missing'=0;0;0"},
      {{"crit=age > 30", "perf-config=none", "detail-syntax=%(newest_installed)"},
       "OK OK: 1/10/2024|'patch_age'=22;0;30"},
      {{"crit=count < 5", "perf-config=none", "detail-syntax=%(message)"},
       "CRITICAL CRITICAL: 3 hotfixes installed, newest KB5034441 on 1/10/2024 (22d "
       "ago)|'patch_count'=3;0;5"},
  };
  const auto ask = [&](const std::string&, const auto&) -> Result<wmi::Table> {
    return table;
  };
  for (const auto& row : rows) {
    CHECK(Told(PatchAgeCheck().Run(row.arguments, AtNow(), ask)) == row.text);
  }
  const auto none = [](const std::string&, const auto&) -> Result<wmi::Table> {
    return wmi::Table();
  };
  CHECK(Told(PatchAgeCheck().Run({"perf-config=none", "warn=age > 10"}, AtNow(), none)) ==
        "OK OK: No hotfixes reported|'patch_age'=-1;10;0 'patch_missing'=0;0;0");
  const auto broken = [](const std::string&, const auto&) -> Result<wmi::Table> {
    return Status::Unavailable("WMI is broken");
  };
  CHECK(Told(PatchAgeCheck().Run({}, AtNow(), broken)) == "UNKNOWN WMI is broken");
}

Result<wmi::Table> HardwareTable(const std::string& wql) {
  const std::string name = wmi::ClassOf(wql);
  if (name == "Win32_ComputerSystemProduct") {
    return TableOf({"Vendor", "Name", "UUID", "IdentifyingNumber"},
                   {{"Dell Inc. ", "R640", "44-55", "ABC"}});
  }
  if (name == "Win32_SystemEnclosure") {
    return TableOf({"ChassisTypes", "SerialNumber", "SMBIOSAssetTag"},
                   {{"[23]", "XYZ", "Tag 1"}});
  }
  if (name == "Win32_PhysicalMemory") {
    return TableOf(
        {"DeviceLocator", "BankLabel", "Capacity", "ConfiguredClockSpeed", "Speed"},
        {{"A1", "B", "17179869184", "2666", "3200"},
         {"", "Bank 2", "17179869184", "", "2933"}});
  }
  return Status::NotFound("no class " + name);
}

TEST_CASE("check_hardware tells what the machine is made of") {
  const auto ask = [](const std::string& wql, const auto&) { return HardwareTable(wql); };
  int listed = 0;
  const auto devices = [&](const auto&) -> Result<Devices> {
    ++listed;
    return Devices{40, {{"Ethernet", 28}, {"Fan", 99}}};
  };
  const struct {
    Words arguments;
    const char* text;
  } rows[] = {
      {{},
       "OK OK: Dell Inc. R640 (Rack Mount Chassis), serial=ABC, 2 memory module(s), "
       "32GB|'hardware_memory'=34359738368;0;0 'hardware_modules'=2;0;0"},
      {{"crit=memory < 64g", "perf-config=none",
        "detail-syntax=%(module_list) %(memory_speed) %(slots) %(chassis_type)"},
       "CRITICAL CRITICAL: A1: 16GB@2666MHz; Bank 2: 16GB@2933MHz 2666 0 "
       "23|'hardware_memory'=34359738368;0;68719476736"},
      {{"crit=serial != 'ABC'", "perf-config=none",
        "detail-syntax=%(uuid) %(chassis_serial) %(asset_tag)"},
       "OK OK: 44-55 XYZ Tag 1"},
      {{"warn=device_problems > 0", "perf-config=none",
        "detail-syntax=%(devices): %(device_list)"},
       "WARNING WARNING: 40: Ethernet: no driver (code 28); Fan: problem (code "
       "99)|'hardware_device_problems'=2;0;0"},
  };
  for (const auto& row : rows) {
    CHECK(Told(HardwareCheck().Run(row.arguments, AtNow(), ask, devices)) == row.text);
  }
  CHECK(listed == 1);
  const auto broken = [](const std::string&, const auto&) -> Result<wmi::Table> {
    return Status::Unavailable("WMI is broken");
  };
  CHECK(Told(HardwareCheck().Run({}, AtNow(), broken, devices)) ==
        "UNKNOWN Failed to read what the machine is made of: WMI is broken");
  const auto no_devices = [](const auto&) -> Result<Devices> {
    return Status::Unavailable("no devices");
  };
  CHECK(Told(HardwareCheck().Run({"warn=devices < 1"}, AtNow(), ask, no_devices)) ==
        "UNKNOWN no devices");
  CHECK(ChassisName(9) == "Laptop");
  CHECK(ChassisName(36) == "Stick PC");
  CHECK(ChassisName(37) == "Unknown (37)");
  CHECK(ChassisName(0) == "Unknown (0)");
}

TEST_CASE("time servers are named with flags behind them") {
  CHECK(ParseNtpServers("time.windows.com,0x9 other,0x1;third") ==
        Words{"time.windows.com", "other", "third"});
  CHECK(ParseNtpServers("").empty());
  CHECK(ParseNtpServers(" 0x8 , ,").empty());
}

struct TimePlay {
  FakeRegistryTree tree;
  FakeCounters counters;
  TimeServiceState service{true, "running", "auto", "dc.example.com"};

  TimePlay() {
    const std::string key = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\";
    tree.keys[key + "Parameters"].values = {{"Type", RegSz("NTP")},
                                            {"NtpServer", RegSz("a,0x9 b,0x9")}};
    const uint64_t good = (static_cast<uint64_t>(kNow) - 60 + 11644473600ULL) * 10000000;
    tree.keys[key + "Config"].values = {{"LastKnownGoodTime", RegNumber(good, 8)}};
    const std::string object = "\\Windows Time Service\\";
    counters.counters[object + "Computed Time Offset"] = {{2500999}, true, true, 0};
    counters.counters[object + "NTP Roundtrip Delay"] = {{40000}, true, true, 0};
    counters.counters[object + "NTP Client Time Source Count"] = {{1}, true, true, 0};
  }
  std::string Run(const Words& arguments) {
    const auto read = [&]() -> Result<TimeServiceRow> {
      FakeRegistry registry(tree);
      return ReadTimeServiceRow([&]() -> Result<TimeServiceState> { return service; },
                                registry, &counters);
    };
    return Told(W32TimeCheck().Run(arguments, AtNow(), read, UtcZone()));
  }
};

TEST_CASE("check_w32time judges the service and its offset") {
  TimePlay play;
  CHECK(play.Run({}) ==
        "WARNING WARNING: synchronizing with dc.example.com (offset "
        "2500ms)|'w32time_offset'=2500ms;1000;30000");
  CHECK(play.Run({"warn=delay > 10", "crit=last_sync_age > 1h",
                  "detail-syntax=%(last_sync) %(peers) %(peer_count) %(source_from) "
                  "%(frequency_adjustment) %(time_sources) %(sync_type) %(service_state) "
                  "%(start_type) %(installed)%(running)%(synchronized)%(local_clock)"}) ==
        "WARNING WARNING: 2024-01-31 23:59:00 a, b 2 service unknown 1 NTP running auto "
        "1110|'w32time_delay'=40ms;10;0 'w32time_last_sync'=60s;0;3600");
  play.service.source = "Local CMOS Clock";
  CHECK(play.Run({"warn=none"}) ==
        "CRITICAL CRITICAL: not synchronizing: falling back to Local CMOS "
        "Clock|'w32time_offset'=2500ms;0;30000");
  play.service.source = "";
  CHECK(play.Run({"warn=none", "crit=synchronized = 0"}) ==
        "OK OK: configured to synchronize with a, b (offset 2500ms)");
  play.counters.counters["\\Windows Time Service\\NTP Client Time Source Count"]
      .values = {0};
  CHECK(play.Run({"warn=none", "crit=synchronized = 0"}) ==
        "CRITICAL CRITICAL: not synchronizing: no time source in use (configured: a, b)");
  play.counters.open_error = Status::Unavailable("no counters");
  CHECK(play.Run({}) == "OK OK: configured to synchronize with a, b");
  play.service.state = "stopped";
  CHECK(play.Run({}) ==
        "CRITICAL CRITICAL: the Windows Time service is stopped (start type auto)");
  play.service = {};
  CHECK(play.Run({}) == "CRITICAL CRITICAL: the Windows Time service is not installed");
  play.service = {true, "running", "auto", "x"};
  play.tree.keys.begin()->second = {};
  for (auto& [name, key] : play.tree.keys) key.values["Type"] = RegSz("NoSync");
  CHECK(play.Run({}) ==
        "CRITICAL CRITICAL: time synchronization is turned off (Type=NoSync)");
}

PrintQueues Office() {
  PrintQueues queues;
  queues.printers = {{"HP", "HP driver", "IP_1", "Hall", "hp", "", 0x400, 0x4 | 0x8},
                     {"Old", "", "", "", "", "\\\\srv", 0x80, 0x10},
                     {"Jam", "", "", "", "", "", 0x8 | 0x1, 0},
                     {"hp", "", "", "", "", "", 0, 0}};
  queues.jobs = {{"HP", "a.doc", "eve", 7, 0x2 | 0x400, 1, 2048, 3, 1, kNow - 60},
                 {"hp", "b.doc", "bob", 8, 0, 1, 10, 0, 0, kNow - 1200},
                 {"Gone", "c", "bob", 9, 0x10, 1, 10, 0, 0, 0}};
  return queues;
}

TEST_CASE("check_printqueue counts the jobs of each printer") {
  const auto read = [](const auto&) -> Result<PrintQueues> { return Office(); };
  const struct {
    Words arguments;
    const char* text;
  } rows[] = {
      {{},
       "CRITICAL CRITICAL: HP: printing, 2 job(s), Old: offline, 0 job(s), Jam: "
       "stopped_printing, 0 job(s)|'HP_jobs'=2;10;0 'Old_jobs'=0;10;0 "
       "'Jam_jobs'=0;10;0"},
      {{"filter=default = 1 and shared = 1", "warn=oldest_job_age > 15m",
        "crit=error_jobs > 5",
        "detail-syntax=%(driver) %(port) %(location) %(share) %(error_state)"},
       "WARNING WARNING: HP driver IP_1 Hall hp no_error|'HP_error_jobs'=1;0;5 "
       "'HP_oldest_job_age'=1200s;900;0"},
      {{"filter=offline = 1 or network = 1", "warn=offline = 1",
        "detail-syntax=%(printer) %(server) %(error_state) %(oldest_job_age)"},
       "WARNING WARNING: Old \\\\srv offline -1"},
      {{"filter=printer = 'Jam'", "warn=none", "detail-syntax=%(error_state)"},
       "CRITICAL CRITICAL: jammed"},
      {{"filter=printer = 'none'"}, "OK OK: No printers found"},
  };
  for (const auto& row : rows) {
    CHECK(Told(PrintQueueCheck().Run(row.arguments, AtNow(), read)) == row.text);
  }
}

TEST_CASE("check_printjobs looks at each job") {
  const auto read = [](const auto&) -> Result<PrintQueues> { return Office(); };
  const auto run = [&](const Words& arguments) {
    return Told(PrintJobsCheck().Run(arguments, AtNow(), read, UtcZone()));
  };
  CHECK(run({"perf-config=none"}) ==
        "CRITICAL CRITICAL: HP: 'a.doc' by eve (error, user_intervention, 60s), hp: "
        "'b.doc' by bob (queued, 1200s), Gone: 'c' by bob (printing, "
        "-1s)|'HP_7_age'=60s;600;0 'hp_8_age'=1200s;600;0 'Gone_9_age'=-1s;600;0");
  CHECK(run({"filter=id = 7", "crit=size > 1k", "warn=pages > 2", "perf-config=none",
             "detail-syntax=%(submitted) %(priority) %(status_mask) %(pages_printed)"}) ==
        "CRITICAL CRITICAL: 2024-01-31 23:59:00 1 1026 1|'HP_7_pages'=3;2;0 "
        "'HP_7_size'=2048B;0;1024");
  CHECK(run({"filter=paused = 1 or offline = 1 or paper_out = 1 or spooling = 1"}) ==
        "OK OK: No print jobs queued|'count'=0;0;0");
  CHECK(run({"filter=printing = 1 or blocked = 1", "perf-config=none", "warn=none"}) ==
        "OK OK: Gone: 'c' by bob (printing, -1s)");
}

TEST_CASE("a printer that cannot be asked does not hide the others") {
  PrintQueues queues = Office();
  queues.problems = {"Old is away"};
  const auto read = [&](const auto&) -> Result<PrintQueues> { return queues; };
  std::string log;
  checks::Environment environment = AtNow();
  environment.log = [&](sdk::LogLevel, std::string_view text) { log += text; };
  CHECK(PrintQueueCheck().Run({}, environment, read).state == sdk::State::kCritical);
  CHECK(log == "Old is away");
  queues.printers.resize(1);
  CHECK(Told(PrintJobsCheck().Run({}, AtNow(), read, UtcZone())) ==
        "UNKNOWN Old is away");
}

TEST_CASE("every command of Windows tells its options") {
  FakeRegistryTree tree;
  Commands commands;
  WindowsSources sources;
  sources.registry = OpenFake(tree);
  AddWindowsCommands(sources, UtcZone, commands);
  CHECK(commands.size() == 8);
  checks::FakeCall call;
  const checks::Environment environment;
  for (const auto& [name, command] : commands) {
    for (const char* word : {"help", "show-default", "help-short"}) {
      const Words words = {word};
      CHECK(command({words, environment, call}).state == sdk::State::kOk);
    }
  }
}

}  // namespace
}  // namespace nscp::check_system
