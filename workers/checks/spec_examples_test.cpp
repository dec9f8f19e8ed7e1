// filter-engine.md 8, 9, 11 and 12: error texts, shared formats, worked examples.
#include <cmath>

#include "workers/checks/expression_bench.h"
#include "workers/checks/part_of_whole.h"
#include "workers/checks/spec_rows.h"

namespace nscp::checks {
namespace {

using sdk::State;

TEST_CASE("spec 8: errors to the byte, and their reasons in the log") {
  const std::string failed = "Failed to validate filter see log for details: ";
  const struct {
    std::string section;
    Words arguments;
    std::string text;
    const char* reason;  // the beginning of the line in the log
  } rows[] = {
      {"8 filter",
       {"filter=lod > 5"},
       failed + "Filter expression is not valid: lod > 5",
       "Variable and function binding failed: Variable not found: lod"},
      {"8 warning",
       {"warn=lod > 5"},
       failed + "Warning expression is not valid: lod > 5",
       "Variable and function binding failed: Variable not found: lod"},
      {"8 critical",
       {"crit=lod > 5"},
       failed + "Critical expression is not valid:lod > 5",
       "Variable and function binding failed: Variable not found: lod"},
      {"8 ok",
       {"ok=lod > 5"},
       failed + "Ok expression is not valid: lod > 5",
       "Variable and function binding failed: Variable not found: lod"},
      {"8 all of a kind",
       {"warn=number > 5", "warn=number >", "warn=size > 1k"},
       failed + "Warning expression is not valid: number > 5, number >, size > 1k",
       "Parsing failed of 'number >' at:  >"},
      {"8 types",
       {"crit=written > 5"},
       failed + "Critical expression is not valid:written > 5",
       "Invalid types: Cannot compare written to 5 (date to int)"},
      {"8 functions",
       {"warn=nofun(size) = 1"},
       failed + "Warning expression is not valid: nofun(size) = 1",
       "Variable and function binding failed: Function not found: nofun"},
      {"1 the filter is read first",
       {"warn=a = 1", "filter=b = 1"},
       failed + "Filter expression is not valid: b = 1",
       "Variable"},
      {"1 warning before critical",
       {"crit=a = 1", "warn=b = 1"},
       failed + "Warning expression is not valid: b = 1",
       "Variable"},
      {"1 templates first",
       {"filter=a = 1", "top-syntax=%(b)"},
       "Failed to parse syntax",
       "Invalid variable: b"},
      {"8 template",
       {"detail-syntax=${b}"},
       "Failed to parse syntax",
       "Invalid variable: b"},
      {"8 template",
       {"empty-syntax=%(nofun(1))"},
       "Failed to parse syntax",
       "Invalid expression in placeholder: nofun(1)"},
      {"8 perf-syntax",
       {"perf-syntax=%(b)"},
       "Failed to parse syntax",
       "Invalid variable: b"},
      {"8 perf-config",
       {"perf-config=x"},
       "Failed to parse syntax",
       "Failed to parse: x"},
      {"8 unique-index",
       {"unique-index=%(b)"},
       "Invalid unique-syntax: %(b)",
       "Invalid variable: b"},
  };
  const auto check = ThingCheck(ThingDefaults());
  for (const auto& row : rows) {
    CAPTURE(row.section);
    CAPTURE(Join(row.arguments, " | "));
    std::vector<std::string> log;
    const auto result = RunThings(check, row.arguments, NumberedThings(1), &log);
    CHECK(result.state == State::kUnknown);
    CHECK(sdk::FormatPlain(result) == row.text);
    REQUIRE(log.size() == 1);
    CHECK(log[0].substr(0, std::string(row.reason).size()) == row.reason);
  }
  std::vector<std::string> log;
  RunThings(check, {"crit=number = 0"}, {}, &log);
  CHECK(log == std::vector<std::string>{"Ignoring unsure result: number = 0"});
}

TEST_CASE("spec 8: a bad number for an option") {
  OptionTable table;
  table.Integer("timeout", 30, "Seconds");
  const auto outcome = table.Parse({"timeout=1x"});
  REQUIRE(std::holds_alternative<sdk::CheckResult>(outcome));
  CHECK(StartsWith(std::get<sdk::CheckResult>(outcome).lines[0].message,
                   "Invalid command line: the argument ('1x') for option '--timeout' is "
                   "invalid\nhelp\t"));
}

TEST_CASE("spec 9: shared formats") {
  const struct {
    double bytes;
    const char* text;
  } bytes[] = {
      {512, "512B"},
      {999, "999B"},
      {1000, "0.977KB"},
      {1024, "1KB"},
      {205.0 * 1024 * 1024 * 1024, "205GB"},
      {46766777303.0, "43.555GB"},
      {7.98 * 1024 * 1024, "7.98MB"},
      {-2048, "-2KB"},
      {std::ldexp(1, 60), "1EB"},
      {std::ldexp(1, 75), "32768EB"},
  };
  for (const auto& row : bytes) CHECK(FormatBytes(row.bytes) == row.text);
  CHECK(FormatBytesIn(1536, 'K') == "1.5");
  CHECK(FormatBytesIn(500, 'b') == "500");
  CHECK(FormatPercent(97.344) == "97.34");
  CHECK(FormatPercent(5) == "5.00");
  const struct {
    const char* text;
    std::optional<int64_t> value;
  } inputs[] = {
      {"512", 512},       {"1k", 1024},
      {" 2M ", 2097152},  {"10MB", 10485760},
      {"1g", 1073741824}, {"1t", INT64_C(1099511627776)},
      {"5b", 5},          {"", {}},
      {"k", {}},          {"-1k", {}},
      {"1.5k", {}},       {"5x", {}},
      {"5 k", {}},        {"5k5", {}},
      {"8e", {}},         {"7e", INT64_C(8070450532247928832)},
  };
  for (const auto& row : inputs) {
    CAPTURE(std::string(row.text));
    CHECK(ParseBytes(row.text) == row.value);
  }
}

struct Load {
  std::string time;
  int64_t percent = 0;
};

// Shaped like check_cpu.
std::string Cpu(const Words& arguments, State state) {
  Keywords<Load> k;
  k.Text("time", "", [](const Load& l) -> std::string_view { return l.time; });
  k.Percent("load", "", [](const Load& l) { return l.percent; }).Perf("%", "");
  FilterDefaults defaults;
  defaults.warning = {"load > 80"};
  defaults.critical = {"load > 90"};
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): CPU load is ok.";
  defaults.detail_syntax = "${time}: ${load}%";
  defaults.perf_syntax = "total ${time}";
  const Check<Load> check(OptionTable(), defaults, std::move(k));
  const auto result = check.Run(arguments, {}, [](const Arguments&, Sink<Load>& sink) {
    sink.Add({"5s", 11});
    sink.Add({"1m", 5});
    sink.Add({"5m", 2});
    return Status::Ok();
  });
  CHECK(result.state == state);
  return sdk::FormatPlain(result);
}

TEST_CASE("spec 11: check_cpu") {
  CHECK(Cpu({}, State::kOk) ==
        "OK: CPU load is ok.|'total 5s'=11%;80;90 'total 1m'=5%;80;90 "
        "'total 5m'=2%;80;90");
  CHECK(Cpu({"warn=load > 50", "crit=load > 70", "show-all"}, State::kOk) ==
        "OK: 5s: 11%, 1m: 5%, 5m: 2%|'total 5s'=11%;50;70 'total 1m'=5%;50;70 "
        "'total 5m'=2%;50;70");
  CHECK(Cpu({"warning=none", "critical=none", "perf-config=extra(load)"}, State::kOk) ==
        "OK: CPU load is ok.|'total 5s'=11%;0;0 'total 1m'=5%;0;0 'total 5m'=2%;0;0");
  CHECK(StartsWith(Cpu({"foo=1"}, State::kUnknown),
                   "Invalid command line: unrecognised option 'foo=1'\nhelp\t"));
  CHECK(Cpu({"warn=lod > 5"}, State::kUnknown) ==
        "Failed to validate filter see log for details: Warning expression is not valid: "
        "lod > 5");
  CHECK(Cpu({"warn=load > 10", "perf-syntax=none"}, State::kWarning) ==
        "WARNING: 5s: 11%");
}

struct Drive {
  std::string name;
  std::string fs;
  double used = 0;
  double size = 0;
};

// Shaped like check_drivesize.
std::string DriveSize(const Words& arguments, State state) {
  constexpr double kGiga = 1024.0 * 1024 * 1024;
  Keywords<Drive> k;
  k.Text("drive", "", [](const Drive& d) -> std::string_view { return d.name; });
  k.Text("fs", "", [](const Drive& d) -> std::string_view { return d.fs; });
  k.Real("used", "", &Drive::used)
      .Convert([](const Literal& literal, const Drive* drive) {
        return PartOfWhole(literal,
                           drive == nullptr ? std::optional<double>() : drive->size);
      })
      .Human([](const Drive& d) { return FormatBytes(d.used); })
      .PerfBytes(" used", &Drive::size)
      .PerfPercentage(" used %", &Drive::size);
  FilterDefaults defaults;
  defaults.warning = {"used > 80%"};
  defaults.critical = {"used > 90%"};
  defaults.top_syntax = "${status} ${problem_list}";
  defaults.ok_syntax = "%(status) All %(count) drive(s) are ok";
  defaults.empty_syntax = "%(status): No drives found";
  defaults.detail_syntax = "${drive}: ${used}";
  defaults.perf_syntax = "${drive}";
  defaults.empty_state = "unknown";
  const Check<Drive> check(OptionTable(), defaults, std::move(k));
  const auto result = check.Run(arguments, {}, [&](const Arguments&, Sink<Drive>& sink) {
    sink.Add({"/", "ext4", 43.5 * kGiga, 1000 * kGiga});
    return Status::Ok();
  });
  CHECK(result.state == state);
  return sdk::FormatPlain(result);
}

TEST_CASE("spec 11: check_drivesize") {
  CHECK(DriveSize({"warn=used > 90%", "crit=used > 95%"}, State::kOk) ==
        "OK All 1 drive(s) are ok|'/ used'=43.5GB;900;950;0;1000 "
        "'/ used %'=4%;90;95;0;100");
  CHECK(DriveSize({"filter=fs = 'nosuchfs'", "empty-state=warning"}, State::kWarning) ==
        "WARNING: No drives found");
  CHECK(DriveSize({"filter=fs = 'nosuchfs'"}, State::kUnknown) ==
        "UNKNOWN: No drives found");
  CHECK(DriveSize({"crit=used > 40G", "warn=none", "perf-config=used %(ignored:true)"},
                  State::kCritical) == "CRITICAL /: 43.5GB|'/ used'=43.5GB;0;40;0;1000");
  CHECK(DriveSize({"crit=used > 1.5t", "warn=used > 80.5%",
                   "perf-config=*(unit:G) used %(ignored:true)"},
                  State::kOk) ==
        "OK All 1 drive(s) are ok|'/ used'=43.5G;805;1536;0;1000");
}

struct Process {
  std::string exe;
  int64_t state = 0;
};

// Shaped like check_process.
std::string Processes(const Words& arguments, State state) {
  Keywords<Process> k;
  k.Text("exe", "", [](const Process& p) -> std::string_view { return p.exe; });
  k.Integer("state", "", &Process::state)
      .Convert([](const Literal& literal, const Process*) -> Result<Value> {
        if (literal.text == "stopped") return Value::Integer(0);
        if (literal.text == "started") return Value::Integer(1);
        return Status::InvalidArgument("no such state");
      })
      .Human([](const Process& p) { return p.state == 0 ? "stopped" : "started"; });
  FilterDefaults defaults;
  defaults.critical = {"state = 'stopped'", "count = 0"};
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): all processes are ok.";
  defaults.empty_syntax = "%(status): No processes found";
  defaults.detail_syntax = "${exe}=${state}";
  defaults.perf_syntax = "${exe}";
  defaults.empty_state = "unknown";
  const Check<Process> check(OptionTable(), defaults, std::move(k));
  const auto result = check.Run(arguments, {}, [](const Arguments&, Sink<Process>& sink) {
    sink.Add({"nosuch", 0});
    return Status::Ok();
  });
  CHECK(result.state == state);
  return sdk::FormatPlain(result);
}

TEST_CASE("spec 11, 5.3: check_process") {
  CHECK(Processes({}, State::kCritical) ==
        "CRITICAL: nosuch=stopped|'nosuch_state'=0;0;0 'count'=1;0;0");
  CHECK(Processes({"filter=exe='zz'", "crit=state='stopped' or count=0"},
                  State::kUnknown) == "UNKNOWN: No processes found|'count'=0;0;0");
  CHECK(Processes(
            {"filter=exe='zz'", "crit=state='stopped' or count=0", "empty-state=ignored"},
            State::kCritical) == "CRITICAL: No processes found|'count'=0;0;0");
  CHECK(Processes({"crit=state not in ('started')"}, State::kCritical) ==
        "CRITICAL: nosuch=stopped");
}

TEST_CASE("spec 12: the ideas for conformance") {
  Bench bench;
  bench.thing.name = "notepad.exe";
  CHECK(bench.Judge("not name = 'x' and 1 = 2") == "false");
  CHECK(bench.Judge("name like 'NOTE'") == "true");
  CHECK(bench.Judge("name regexp 'note'") == "false");
  CHECK(bench.Judge("name regexp '.*\\.exe'") == "true");
  CHECK(bench.Judge("maybe > 5") == "false");
  CHECK(bench.Judge("maybe < 5") == "false");
  CHECK(bench.Judge("size = 5k and size = 5120b") == "true");
  CheckRows(ThingCheck(ThingDefaults()), NumberedThings(6),
            {
                {"12 fires once",
                 {"crit=count > 5", "perf-syntax=x"},
                 State::kCritical,
                 "CRITICAL: t1, t2, t3, t4, t5, t6|'count'=6;0;5"},
                {"12 extra is sorted",
                 {"filter=number = 1", "perf-config=extra(real;age)"},
                 State::kOk,
                 "OK: |'t1'=7200s;0;0 't1_real'=1.5;0;0"},
                {"12 labels keep blanks",
                 {"filter=number = 1", "perf-config=extra(age)", "perf-syntax=total 5m"},
                 State::kOk,
                 "OK: |'total 5m'=7200s;0;0"},
                {"12 no |", {"warn=number > 9", "perf-syntax=none"}, State::kOk, "OK: "},
                {"12 detail_list",
                 {"show-all", "crit=number < 3", "warn=number = 3", "filter=number < 5",
                  "perf-syntax=none"},
                 State::kCritical,
                 "CRITICAL: critical(t1, t2), warning(t3), t4"},
            });
}

}  // namespace
}  // namespace nscp::checks
