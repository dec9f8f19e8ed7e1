#include "workers/check_system/counters.h"

#include <doctest/doctest.h>

#include "workers/check_system/check_pdh.h"
#include "workers/check_system/counter_command.h"
#include "workers/check_system/counter_settings.h"
#include "workers/check_system/test_counters.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_system {
namespace {

using Words = std::vector<std::string>;
using Clock = CounterWatch::Clock;

constexpr char kLoad[] = "\\Processor(_Total)\\% Processor Time";
constexpr char kUp[] = "\\System\\System Up Time";

TEST_CASE("paths of counters are taken apart, and nothing else is") {
  const struct {
    const char* text;
    const char* machine;
    const char* object;
    const char* instance;
    const char* counter;
  } good[] = {
      {"\\System\\Threads", "", "System", "-", "Threads"},
      {"\\\\srv\\Process(a/chrome#1)\\IO (x)", "srv", "Process", "a/chrome#1", "IO (x)"},
      {"\\LogicalDisk(C:)\\% Free Space", "", "LogicalDisk", "C:", "% Free Space"},
      {"\\X(a (b)(c\\d))\\e\\f", "", "X", "a (b)(c\\d)", "e\\f"},
      {"\\4\\30", "", "4", "-", "30"},
  };
  for (const auto& row : good) {
    const auto path = ParseCounterPath(row.text);
    REQUIRE(path.ok());
    CHECK(path->machine == row.machine);
    CHECK(path->object == row.object);
    CHECK((path->has_instance ? path->instance : "-") == row.instance);
    CHECK(path->counter == row.counter);
    CHECK(path->Text() == row.text);
  }
  for (const char* text :
       {"", "x", "\\", "\\\\", "\\System", "\\System\\", "System\\Threads", "\\\\\\a\\b",
        "\\\\host", "\\X(a\\b", "\\(x)\\y", "\\X(a)b"}) {
    CHECK_FALSE(ParseCounterPath(text).ok());
  }
  CHECK_FALSE(ParseCounterPath("\\a\\" + std::string(kMaxCounterPath, 'b')).ok());
  CHECK_FALSE(ParseCounterPath(std::string("\\a\\b\0", 5)).ok());
}

TEST_CASE("aliases stand before the first backslash") {
  const struct {
    const char* text;
    const char* alias;
    const char* counter;
  } rows[] = {
      {"\\a\\b", "", "\\a\\b"},
      {"cpu:\\a\\b:c", "cpu", "\\a\\b:c"},
      {"cpu:foo", "cpu", "foo"},
      {"foo", "", "foo"},
      {":\\a\\b", "", ":\\a\\b"},
      {"", "", ""},
      {"a b:\\\\h\\o\\c", "a b", "\\\\h\\o\\c"},
  };
  for (const auto& row : rows) {
    const NamedCounter named = SplitCounterAlias(row.text);
    CHECK(named.alias == row.alias);
    CHECK(named.counter == row.counter);
  }
}

TEST_CASE("the table of English names keeps the first of two") {
  const CounterIndexes indexes = ParseCounterIndexes(
      {"2", "System", "x", "Bad", "4", "Memory", "99", "System", "5"});
  CHECK(indexes == CounterIndexes{{"system", 2}, {"memory", 4}});
}

TEST_CASE("codes of PDH become sentences") {
  CHECK(CounterError("Failed", 0xC0000BB9).message() ==
        "Failed: there is no such counter (nscp sys pdh --list --all lists them) (error "
        "0xC0000BB9)");
  CHECK(CounterError("Failed", 0xC0000BB9).code() == Code::kNotFound);
  CHECK(CounterError("Failed", 0x12345678).message() == "Failed: error 0x12345678");
}

// A machine in German, constructed: names and indexes as Windows has them there.
FakeCounters& German() {
  static FakeCounters counters;
  counters = FakeCounters();
  counters.counters[kLoad] = {{NAN, 12.75}, true, false, 0};
  counters.counters[kUp] = {{204213}, true, false, 0};
  counters.counters["\\Speicher\\Zusagegrenze"] = {{25729224704.0}, false, true, 0};
  counters.counters["\\\\H\\Prozessor(0)\\Zeit"] = {{NAN, 10, 30}, false, true, 0};
  counters.counters["\\\\H\\Prozessor(_Total)\\Zeit"] = {{NAN, 20, 40}, false, true, 0};
  counters.counters["\\Broken\\One"] = {{1}, true, true, 0xC0000BBB};
  counters.expansions["\\Prozessor(*)\\Zeit"] = {"\\\\H\\Prozessor(0)\\Zeit",
                                                 "\\\\H\\Prozessor(_Total)\\Zeit"};
  counters.names = {
      {4, "Speicher"}, {30, "Zusagegrenze"}, {238, "Prozessor"}, {6, "Zeit"}};
  counters.english = {
      {"memory", 4}, {"commit limit", 30}, {"processor", 238}, {"% processor time", 6}};
  counters.objects["Prozessor"] = {{"Zeit", "DPCs"}, {"0", "_Total"}};
  counters.objects["System"] = {{"Threads"}, {}};
  return counters;
}

std::string Run(FakeCounters& counters, CounterWatch& watch, const Words& arguments) {
  const auto result = PdhCheck().Run(
      arguments, checks::Environment(), counters, watch, [](int) { return true; },
      Clock::now());
  return std::string(sdk::StateName(result.state)) + " " + sdk::FormatPlain(result);
}

TEST_CASE("check_pdh reads counters") {
  const struct {
    Words arguments;
    const char* text;
  } rows[] = {
      {{std::string("counter=") + kUp, "warn=value > 5", "crit=value > 9999999"},
       "WARNING WARNING: \\System\\System Up Time = 204213|'\\System\\System Up "
       "Time_value'=204213;5;9999999"},
      {{std::string("counter=up:") + kUp}, "OK OK: up = 204213|'up'=204213;0;0"},
      {{std::string("counter:up=") + kUp, "flags=1000"},
       "OK OK: up = 204213000|'up'=204213000;0;0"},
      {{"--counter", std::string("up:") + kUp}, "OK OK: up = 204213|'up'=204213;0;0"},
      {{"--counter:up", kUp}, "OK OK: up = 204213|'up'=204213;0;0"},
      {{std::string("--counter:up=") + kUp}, "OK OK: up = 204213|'up'=204213;0;0"},
      {{std::string("counter=cpu:") + kLoad, "crit=value > 12"},
       "OK OK: cpu = 12|'cpu_value'=12;0;12"},
      {{std::string("counter=cpu:") + kLoad, "type=double", "crit=value > 12"},
       "CRITICAL CRITICAL: cpu = 12.75|'cpu_value'=12.75;0;12"},
      {{"counter=m:\\4\\30", "expand-index",
        "detail-syntax=%(counter) %(value_human) %(value_gb) %(value_i) %(time)"},
       "OK OK: \\Speicher\\Zusagegrenze 23.962GB 23.9622 25729224704 "
       "|'m'=25729224704;0;0"},
      {{"counter=m:\\Memory\\Commit Limit", "expand-index", "warn=value_mb > 10000.5",
        "perf-config=value_mb(unit:MB)"},
       "WARNING WARNING: m = 25729224704|'m_value_mb'=24537.30078MB;10000.5;0"},
      {{"counter=p:\\Processor(*)\\% Processor Time", "instances"},
       "OK OK: p_0 = 10, p__Total = 20|'p_0'=10;0;0 'p__Total'=20;0;0"},
      {{"counter=\\Prozessor(*)\\Zeit", "resolution=local", "filter=alias like 'Total'",
        "averages"},
       "OK OK: \\Prozessor(*)\\Zeit__Total = 20|'\\Prozessor(*)\\Zeit__Total'=20;0;0"},
      {{"counter=a:\\Nothing\\Here"},
       "UNKNOWN Failed to add counter \\Nothing\\Here: there is no such counter (nscp "
       "sys "
       "pdh --list --all lists them) (error 0xC0000BB9)"},
      {{"counter=a:\\Nothing\\Here", std::string("counter=up:") + kUp, "ignore-errors"},
       "OK OK: up = 204213, a = 0|'up'=204213;0;0 'a'=0;0;0"},
      {{"counter=b:\\Broken\\One"},
       "UNKNOWN Failed to read counter \\Broken\\One: there is too little memory (error "
       "0xC0000BBB)"},
      {{"counter=nope"},
       "UNKNOWN There is no counter nope in /settings/system/windows/counters, and a "
       "path "
       "begins with \\"},
      {{"counter=nope", "ignore-errors"}, "OK OK: nope = 0|'nope'=0;0;0"},
      {{}, "UNKNOWN No counters specified: add counter=<name of counter>"},
      {{"counter=\\x"},
       "UNKNOWN '\\x' is no counter: write \\object\\counter or "
       "\\object(instance)\\counter, such as \\Processor(_Total)\\% Processor Time"},
      {{"counter=x", "type=short"},
       "UNKNOWN Invalid type: 'short' (expected double, large or long)"},
      {{"counter=x", "flags=cap"},
       "UNKNOWN Invalid flag: 'cap' (expected nocap100, 1000 or noscale)"},
      {{"counter=x", "resolution=latin"},
       "UNKNOWN Invalid resolution: 'latin' (expected auto, english or local)"},
      {{"counter=x", "time=5 apples"},
       "UNKNOWN Invalid time specification: '5 apples' (write a time such as 30s or 5m)"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    FakeCounters& counters = German();
    CounterWatch watch(counters);
    CHECK(Run(counters, watch, row.arguments) == row.text);
  }
}

TEST_CASE("one call reads each source once, and a rate twice") {
  FakeCounters& counters = German();
  CounterWatch watch(counters);
  Run(counters, watch, {std::string("counter=") + kUp, std::string("counter=a:") + kUp});
  CHECK(counters.collects == 1);
  Run(counters, watch, {std::string("counter=") + kLoad});
  CHECK(counters.collects == 3);
  counters.counters[kLoad].values = {NAN};
  CHECK(
      Run(counters, watch, {std::string("counter=") + kLoad}) ==
      "UNKNOWN Failed to read counter \\Processor(_Total)\\% Processor Time: it gave no "
      "valid value in two samples");
  const auto result = PdhCheck().Run(
      {std::string("counter=") + kLoad}, checks::Environment(), counters, watch,
      [](int) { return false; }, Clock::now());
  CHECK(result.lines[0].message == "The check was stopped between its two samples");
  counters.open_error = Status::Unavailable("no counters here");
  CHECK(Run(counters, watch, {std::string("counter=") + kUp}) ==
        "UNKNOWN no counters here");
}

sdk::Settings CounterSettingsOf(
    const std::vector<std::tuple<const char*, const char*, const char*>>& rows) {
  std::vector<sdk::Settings::Entry> entries;
  for (const auto& [section, key, value] : rows) {
    const std::string below = section[0] == '\0' ? "" : std::string("/") + section;
    entries.push_back({kCountersPath + below, key, value});
  }
  return sdk::Settings(std::move(entries));
}

TEST_CASE("counters of the settings are read, and what is wrong is told") {
  const auto read = ReadCounterSettings(CounterSettingsOf({
      {"", "line", kUp},
      {"", "bad line", "nothing"},
      {"default", "type", "double"},
      {"cpu", "counter", kLoad},
      {"cpu", "alias", "load"},
      {"cpu", "buffer size", "10m"},
      {"cpu", "flags", "nocap100 noscale"},
      {"huge", "counter", kUp},
      {"huge", "buffer size", "20w"},
      {"last", "counter", kUp},
      {"last", "collection strategy", "static"},
      {"last", "instances", "none"},
      {"a", "counter", kUp},
      {"a", "collection strategy", "often"},
      {"b", "counter", kUp},
      {"b", "instances", "some"},
      {"c", "counter", kUp},
      {"c", "buffer size", "long"},
  }));
  std::string text;
  for (const CounterConfig& config : read.counters) {
    text += config.name + " " + config.wish.alias + " " + std::to_string(config.buffer) +
            (config.wish.format.type == CounterType::kDouble ? " double" : "") +
            (config.wish.format.no_cap ? " nocap" : "") +
            (config.wish.instances ? "" : " single") + "\n";
  }
  CHECK(text ==
        "cpu load 600 double nocap\nhuge huge 86400 double\nlast last 1 double single\n"
        "line line 3600 double\n");
  REQUIRE(read.problems.size() == 4);
  CHECK(
      read.problems[0] ==
      "counter a is left out: collection strategy: 'often' must be rrd, static or value");
  CHECK(read.problems[1] ==
        "counter b is left out: instances: 'some' must be none, auto or all");
  CHECK(read.problems[2] ==
        "counter c is left out: buffer size: 'long' is no time (write one such as 60m)");
}

// A watch that is stepped by hand, in a time that the test sets.
struct Stepped {
  FakeCounters& counters = German();
  Clock::time_point now = Clock::now();
  CounterWatch watch{counters, [this] { return now; }};
  std::vector<std::string> log;

  void Configure(const std::vector<CounterConfig>& configs) {
    watch.Configure(configs, false,
                    [this](const std::string& text) { log.push_back(text); });
  }
  void Step(int times = 1) {
    for (; times > 0; --times) {
      now += std::chrono::seconds(1);
      watch.Step();
    }
  }
  std::string Values(const char* name, std::optional<int64_t> seconds = {}) {
    const auto readings = watch.Values(name, seconds, Clock::time_point());
    if (!readings.ok()) return readings.status().message();
    std::string text;
    for (const CounterReading& reading : *readings) {
      text += reading.alias + "=" +
              (reading.value.ok() ? sdk::FormatNumber(*reading.value)
                                  : reading.value.status().message()) +
              " ";
    }
    return text;
  }
};

CounterConfig Config(const char* name, const char* path, int64_t buffer = 3600) {
  CounterConfig config;
  config.name = name;
  config.wish.alias = name;
  config.wish.path = path;
  config.wish.format.type = CounterType::kDouble;
  config.buffer = buffer;
  return config;
}

TEST_CASE("the watch keeps values and averages over them") {
  Stepped stepped;
  stepped.counters.counters[kLoad].values = {NAN, 10, 20, 60};
  stepped.Configure({Config("cpu", kLoad, 3), Config("up", kUp, 1)});
  CHECK(stepped.Values("cpu") ==
        "Counter cpu has no value yet: the collector still begins");
  stepped.Step();
  CHECK(stepped.Values("cpu") ==
        "cpu=Counter cpu has no value yet: try again in a second ");
  stepped.Step(2);
  CHECK(stepped.Values("CPU") == "cpu=20 ");
  CHECK(stepped.Values("cpu", 2) == "cpu=15 ");
  CHECK(stepped.Values("cpu", 100) == "cpu=15 ");
  stepped.Step();
  CHECK(stepped.Values("cpu", 100) == "cpu=30 ");
  CHECK(stepped.Values("up", 100) == "up=204213 ");
  CHECK(stepped.counters.collects == 4);
  stepped.now += std::chrono::seconds(11);
  CHECK(stepped.Values("cpu") == "cpu=The last value of counter cpu is 11 seconds old ");
  CHECK(stepped.Values("nope") ==
        "There is no counter nope in /settings/system/windows/counters");
}

TEST_CASE("a counter that is not there is tried again once a minute and told once") {
  Stepped stepped;
  stepped.Configure({Config("later", "\\My\\Program"), Config("up", kUp)});
  stepped.Step(90);
  CHECK(stepped.log.size() == 1);
  CHECK(stepped.Values("later").find("there is no such counter") != std::string::npos);
  CHECK(stepped.Values("up") == "up=204213 ");
  stepped.counters.counters["\\My\\Program"] = {{7}, true, true, 0};
  stepped.Step();
  CHECK(stepped.Values("later").find("there is no such counter") != std::string::npos);
  stepped.watch.Retry("Later");
  stepped.Step();
  CHECK(stepped.Values("later") == "later=7 ");
  stepped.counters.collect_error = Status::Unavailable("broken");
  stepped.Step(12);
  CHECK(stepped.Values("later") ==
        "later=The last value of counter later is 12 seconds old ");
}

TEST_CASE("instances come and go") {
  Stepped stepped;
  const std::string wild = "\\Prozessor(*)\\Zeit";
  stepped.Configure({Config("cpu", wild.c_str())});
  stepped.Step(2);
  CHECK(stepped.Values("cpu") == "cpu_0=10 cpu__Total=20 ");
  stepped.counters.expansions[wild] = {"\\\\H\\Prozessor(0)\\Zeit",
                                       "\\\\H\\Prozessor(1)\\Zeit"};
  stepped.counters.counters["\\\\H\\Prozessor(1)\\Zeit"] = {{5}, false, true, 0};
  stepped.Step(60);
  CHECK(stepped.Values("cpu") == "cpu_0=30 cpu_1=5 ");
  CHECK(stepped.counters.removed == 1);
}

TEST_CASE("all buffers together are bounded") {
  Stepped stepped;
  std::vector<CounterConfig> configs;
  for (size_t i = 0; i < CounterWatch::kMaxConfigured + 1; ++i) {
    configs.push_back(
        Config(("c" + std::to_string(i)).c_str(), kUp, CounterWatch::kMaxBuffer));
  }
  stepped.Configure(configs);
  CHECK(stepped.watch.All().size() == CounterWatch::kMaxConfigured);
  stepped.Step();
  CHECK(stepped.log.size() == 1 + CounterWatch::kMaxConfigured -
                                  CounterWatch::kMaxValues / CounterWatch::kMaxBuffer);
}

TEST_CASE("check_pdh asks the watch for the counters of the settings") {
  Counters all(std::make_unique<FakeCounters>(German()));
  checks::FakeHost host;
  all.Configure(CounterSettingsOf({{"cpu", "counter", kUp}, {"", "bad", "x"}}), &host,
                true);
  REQUIRE(host.log.size() == 1);
  CHECK(host.log[0].second.find("/settings/system/windows/counters: counter bad") == 0);
  Commands commands;
  all.AddCommands(commands);
  checks::FakeCall call;
  // A deadline of its own keeps the first value from being waited for without end.
  const checks::Environment environment;
  const auto ask = [&](const char* command, const Words& arguments) {
    return sdk::FormatPlain(commands[command]({arguments, environment, call}));
  };
  CHECK(ask("check_pdh", {"counter=cpu"}) == "OK: cpu = 204213|'cpu'=204213;0;0");
  CHECK(ask("check_counter", {"counter=x:cpu", "time=5m", "time=10s"}) ==
        "OK: x 5m = 204213, x 10s = 204213|'x_5m'=204213;0;0 'x_10s'=204213;0;0");
  CHECK(ask("checkcounter", {"Counter:up=" + std::string(kUp), "MaxWarn=5", "ShowAll"}) ==
        "WARNING: up = 204213|'up'=204213;5;0");
  CHECK(ask("checkcounter", {"--Counter:up", kUp, "--MinCrit=999999"}) ==
        "CRITICAL: up = 204213|'up'=204213;0;999999");
  std::vector<sdk::Metric> metrics;
  all.AddMetrics(metrics);
  REQUIRE(metrics.size() == 1);
  CHECK(metrics[0].bundle + "." + metrics[0].key == "system.metrics.pdh.cpu");
  CHECK(std::get<double>(metrics[0].value) == 204213);
  all.Stop();
}

TEST_CASE("nscp sys pdh lists and looks up") {
  FakeCounters& counters = German();
  CounterWatch watch(counters);
  watch.Configure({Config("up", kUp), Config("bad", "\\No\\Such")}, false,
                  [](const std::string&) {});
  const struct {
    Words words;
    int code;
    const char* text;
  } rows[] = {
      {{"--list"},
       0,
       "Listing configured counters\n---------------------------\nbad = \\No\\Such\nup = "
       "\\System\\System Up Time\n---------------------------\nListed 2 of 2 counters."},
      {{"--list", "--porcelain"}, 0, "bad,\\No\\Such,\nup,\\System\\System Up Time,\n"},
      {{"--validate", "up", "--porcelain"}, 0, "up,\\System\\System Up Time,ok\n"},
      {{"--list", "--all", "--json", "--no-instances"},
       0,
       "[\"\\\\Prozessor(*)\\\\Zeit\",\"\\\\Prozessor(*)\\\\DPCs\",\"\\\\System\\\\"
       "Threads\"]"},
      {{"--list", "--porcelain", "--counter", "Prozessor", "--no-counters"},
       0,
       "instance,\"Prozessor\",\"0\"\ninstance,\"Prozessor\",\"_Total\"\n"},
      {{"--list", "--porcelain", "--counter", "--all", "--filter=Thr"},
       0,
       "counter,\"System\",\"Threads\"\n"},
      {{"--list", "DPC", "--all"},
       0,
       "\\Prozessor(0)\\DPCs\n\\Prozessor(_Total)\\DPCs\n---------------------------\n"
       "Listed 2 of 5 counters."},
      {{"--list", "--counter", "Nope"},
       3,
       "ERROR: Failed to list the counters of Nope: there is no such object (nscp sys "
       "pdh "
       "--list --all lists them) (error 0xC0000BB8)"},
      {{"--list", "--computer", "far"},
       3,
       "ERROR: Failed to list the objects with counters: the computer cannot be reached, "
       "or refuses: the service Remote Registry must run there and the agent's account "
       "have the right to read counters (error 0xC0000BC3)"},
      {{"--lookup-index", "Speicher", "--porcelain"}, 0, "4"},
      {{"--lookup-index", "Commit Limit", "--porcelain"}, 0, "30"},
      {{"--lookup-name=30"},
       0,
       "--+--[ Lookup Result ]----------------------------------------\n  | Index for "
       "'30' "
       "is Zusagegrenze\n--+-----------------------------------------------------------"},
      {{"--lookup-name", "x"},
       3,
       "Failed to lookup index: 'x' is no index: write a number"},
      {{"--expand-path", "\\Prozessor(*)\\Zeit", "--porcelain"},
       0,
       "\\\\H\\Prozessor(0)\\Zeit\n\\\\H\\Prozessor(_Total)\\Zeit\n"},
      {{"--check"}, 0, "Performance counters work."},
      {{"--list", "--user", "x"},
       3,
       "Counters are read in the agent's own name: run it as a user that may read those "
       "of the other computer, and leave --user and --password out"},
  };
  for (const auto& row : rows) {
    const sdk::ExecAnswer answer = RunCounterCommand(row.words, counters, watch, {});
    CHECK(answer.output == row.text);
    CHECK(answer.code == row.code);
  }
  CHECK(RunCounterCommand({}, counters, watch, {}).output.find("--lookup-index") !=
        std::string::npos);
  CHECK(RunCounterCommand({"--bogus"}, counters, watch, {}).code == 3);
  CHECK(RunCounterCommand({"--help"}, counters, watch, {}).code == 0);
}

}  // namespace
}  // namespace nscp::check_system
