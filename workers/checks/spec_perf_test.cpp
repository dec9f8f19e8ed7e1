// filter-engine.md 7: performance data.
#include <limits>

#include "workers/checks/spec_rows.h"

namespace nscp::checks {
namespace {

using sdk::State;

TEST_CASE("spec 7.1: which values are emitted, in which order") {
  CheckRows(
      ThingCheck(ThingDefaults()), NumberedThings(2),
      {
          {"7.1 nothing compared", {}, State::kOk, "OK: "},
          {"7.1 not the filter", {"filter=number > 0 and size > 1b"}, State::kOk, "OK: "},
          {"7.1 not ok", {"ok=number > 0"}, State::kOk, "OK: "},
          {"7.1 one entry, both bounds",
           {"warn=number > 8", "crit=number > 9"},
           State::kOk,
           "OK: |'t1_number'=1;8;9 't2_number'=2;8;9"},
          {"7.1 every operator",
           {"filter=number = 1", "warn=real = 9", "warn=number != 1", "warn=age < 3",
            "warn=load <= 4", "warn=count >= 7", "warn=total like '88'",
            "crit=ok_count regexp '99'"},
           State::kOk,
           "OK: |'t1'=7200s;3;0 't1'=10%;4;0 't1_number'=1;1;0 't1_real'=1.5;9;0 "
           "'count'=1;7;0 'ok_count'=1;0;99 'total'=2;88;0"},
          {"7.1 not in",
           {"warn=number in (8)", "crit=number not in (1, 2)"},
           State::kOk,
           "OK: "},
          {"7.1 the first comparison wins",
           {"warn=number > 8 or number > 7"},
           State::kOk,
           "OK: |'t1_number'=1;8;0 't2_number'=2;8;0"},
          {"7.1 the first comparison wins",
           {"warn=number > 8", "warn=number > 7"},
           State::kOk,
           "OK: |'t1_number'=1;8;0 't2_number'=2;8;0"},
          {"7.1 inside of not",
           {"warn=not (number < 9)"},
           State::kOk,
           "OK: |'t1_number'=1;9;0 't2_number'=2;9;0"},
          {"7.1 the literal first",
           {"warn=9 < number"},
           State::kOk,
           "OK: |'t1_number'=1;9;0 't2_number'=2;9;0"},
          {"7.1 two variables",
           {"warn=number > real", "filter=number = 1"},
           State::kOk,
           "OK: "},
          {"7.1 texts, no_perf, no value",
           {"warn=name = 'x' or core = 9 or maybe > 1 or label like 'zz'"},
           State::kOk,
           "OK: "},
          {"7.1 dates as seconds",
           {"warn=written > -10s", "filter=number = 1"},
           State::kOk,
           "OK: |'t1_written'=1000000;1003590;0"},
          {"7.1 custom literals",
           {"crit=state = 'stopped'", "filter=number = 1"},
           State::kOk,
           "OK: |'t1_state'=1;0;0"},
          {"7.1 cut for integers",
           {"warn=number > 8.9", "crit=real > 8.9"},
           State::kOk,
           "OK: |'t1_number'=1;8;0 't1_real'=1.5;0;8.9 't2_number'=2;8;0 "
           "'t2_real'=1.5;0;8.9"},
          {"7.1 extra",
           {"perf-config=extra(real;number)", "filter=number = 1"},
           State::kOk,
           "OK: |'t1_number'=1;0;0 't1_real'=1.5;0;0"},
          {"7.1 extra of the summary",
           {"perf-config=extra(total;count)"},
           State::kOk,
           "OK: |'count'=2;0;0 'total'=2;0;0"},
          {"7.1 extra, unknown and text",
           {"perf-config=extra(nosuch;name;core)"},
           State::kOk,
           "OK: "},
          {"7.1 extra of what is compared",
           {"perf-config=extra(number)", "warn=number > 8", "filter=number = 1"},
           State::kOk,
           "OK: |'t1_number'=1;8;0"},
          {"7.1 perf-syntax=none",
           {"perf-syntax=none", "warn=number > 8 or count > 9"},
           State::kOk,
           "OK: "},
          {"7.1 the alias is a template",
           {"perf-syntax=a %(name) ${core}", "warn=age < 1", "filter=number = 1"},
           State::kOk,
           "OK: |'a t1 core 1'=7200s;1;0"},
          {"7.1 of matched objects only",
           {"warn=number > 8", "filter=number = 2"},
           State::kOk,
           "OK: |'t2_number'=2;8;0"},
      });
  FilterDefaults defaults = ThingDefaults();
  defaults.warning = {"number > 8"};
  defaults.critical = {"number > 9"};
  CheckRows(
      ThingCheck(defaults), NumberedThings(1),
      {
          {"7.1 a default gone", {"warning=none"}, State::kOk, "OK: |'t1_number'=1;0;9"},
          {"7.1 all gone", {"warning=none", "critical=none"}, State::kOk, "OK: "},
          {"7.1 all gone, extra",
           {"warn=none", "crit=none", "perf-config=extra(load)"},
           State::kOk,
           "OK: |'t1'=10%;0;0"},
      });
}

struct Disk {
  double used = 0;
  double size = 0;
};

// `used` as check_drivesize has it: scaled bytes and percent.
std::string DiskPerf(double used, double size, const Words& arguments) {
  Keywords<Disk> keywords;
  keywords.Real("used", "", &Disk::used)
      .Convert([](const Literal& literal, const Disk* disk) -> Result<Value> {
        const double whole = disk == nullptr ? 0 : disk->size;
        const bool percent = literal.unit == 0 || literal.unit == '%';
        return Value::Real(literal.real *
                           (percent ? whole / 100 : BytesOf(literal.unit).value_or(1)));
      })
      .PerfBytes(" used", &Disk::size)
      .PerfPercentage(" used %", &Disk::size);
  keywords.Real("free", "", [](const Disk& d) { return d.size - d.used; })
      .PerfBytes(" free");
  FilterDefaults defaults;
  defaults.perf_syntax = "d";
  const Check<Disk> check(OptionTable(), defaults, std::move(keywords));
  const auto result = check.Run(arguments, {}, [&](const Arguments&, Sink<Disk>& sink) {
    sink.Add({used, size});
    return Status::Ok();
  });
  return sdk::FormatPerf(result.lines[0].perf);
}

TEST_CASE("spec 7.2, 7.3: percentages, scaled bytes, their units") {
  constexpr double kK = 1024;
  constexpr double kM = kK * kK;
  constexpr double kG = kM * kK;
  const struct {
    std::string section;
    double used, size;
    Words arguments;
    const char* perf;
  } rows[] = {
      {"7.3 thresholds in percent",
       3 * kG,
       8 * kG,
       {"warn=used > 75%", "crit=used > 90"},
       "'d used'=3GB;6;7.2;0;8 'd used %'=38%;75;90;0;100"},
      {"7.3 percent is rounded",
       1,
       3,
       {"warn=used > 50%"},
       "'d used'=1B;1.5;0;0;3 'd used %'=33%;50;0;0;100"},
      {"7.3 half is rounded up",
       1,
       200,
       {"warn=used > 150"},
       "'d used'=1B;300;0;0;200 'd used %'=1%;150;0;0;100"},
      {"7.3 no total", 0, 0, {"warn=used > 50%"}, "'d used'=0B;0;0;0;0"},
      {"7.3 unit of the value",
       2 * kK,
       999,
       {"warn=used > 9t", "perf-config=used %(ignored:true)"},
       "'d used'=2048B;9895604649984;0;0;999"},
      {"7.3 unit of the bound",
       1,
       4 * kG,
       {"warn=used > 2g", "perf-config=used %(ignored:true)"},
       "'d used'=0GB;2;0;0;4"},
      {"7.3 999 is not divided",
       999,
       5 * kK,
       {"perf-config=extra(used) used %(ignored:true)"},
       "'d used'=999B;0;0;0;5120"},
      {"7.3 1000 is",
       1000,
       5 * kK,
       {"perf-config=extra(used) used %(ignored:true)"},
       "'d used'=0.97656KB;0;0;0;5"},
      {"7.3 no bounds declared",
       0,
       3 * kM,
       {"perf-config=extra(free)"},
       "'d free'=3MB;0;0"},
      {"7.3 forced unit",
       3 * kG,
       8 * kG,
       {"perf-config=extra(used) used(unit:mb)"},
       "'d used'=3072mb;0;0;0;8192 'd used %'=38mb;0;0;0;100"},
      {"7.3 forced unit",
       3 * kG,
       8 * kG,
       {"perf-config=extra(free) *(unit:T)"},
       "'d free'=0.00488T;0;0"},
      {"7.4 percent relabelled",
       1,
       4,
       {"perf-config=extra(used) used %(unit:pct)"},
       "'d used'=1B;0;0;0;4 'd used %'=25pct;0;0;0;100"},
      {"7.4 min and max are for plain numbers",
       1,
       4,
       {"perf-config=extra(used) *(min:7;max:8)"},
       "'d used'=1B;0;0;0;4 'd used %'=25%;0;0;0;100"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.section);
    CHECK(DiskPerf(row.used, row.size, row.arguments) == row.perf);
  }
}

TEST_CASE("spec 7.4: perf-config and its selectors") {
  const struct {
    std::string section;
    const char* config;
    const char* perf;  // null: Failed to parse syntax
  } rows[] = {
      {"7.4 none", "none", "'t1'=7200s;1;0"},
      {"7.4 prefix, suffix", "age(prefix:a;suffix:b)", "'at1b'=7200s;1;0"},
      {"7.4 quoted", "age(prefix:'a; (b)';suffix:' =')", "'a; (b)t1 ='=7200s;1;0"},
      {"7.4 empty text", "age(suffix:'')", "'t1'=7200s;1;0"},
      {"7.4 the word none", "age(prefix:none)", "'t1'=7200s;1;0"},
      {"7.4 unit", "age(unit:h)", "'t1'=7200h;1;0"},
      {"7.4 ignored", "age(ignored:true)", ""},
      {"7.4 ignored", "age(ignored:false)", "'t1'=7200s;1;0"},
      {"7.4 bare key", "age(ignored)", "'t1'=7200s;1;0"},
      {"7.4 bounds", "age(minimum:1;maximum:2)", "'t1'=7200s;1;0;1;2"},
      {"7.4 bounds", "age(min:-1.5;max:2)", "'t1'=7200s;1;0;-1.5;2"},
      {"7.4 long names win", "age(minimum:1;min:5;max:6;maximum:2)",
       "'t1'=7200s;1;0;1;2"},
      {"7.4 not numeric", "age(minimum:x;max:9y)", "'t1'=7200s;1;0"},
      {"7.4 *", "*(unit:x)", "'t1'=7200x;1;0"},
      {"7.4 keyword before *", "*(unit:x) age(unit:y)", "'t1'=7200y;1;0"},
      {"7.4 for each key", "*(unit:x;suffix:s) age(unit:y)", "'t1s'=7200y;1;0"},
      {"7.4 other keywords", "number(unit:x)", "'t1'=7200s;1;0"},
      {"7.4 blanks", " age ( unit : x ; suffix : 'y' )  number(a:b) ", "'t1y'=7200x;1;0"},
      {"7.4 two words", "age(unit:a b)", "'t1'=7200a b;1;0"},
      {"7.4 extra beside rules", "extra(real) real(suffix:r)",
       "'t1'=7200s;1;0 't1r'=1.5;0;0"},
      {"7.4 no option", "age()", nullptr},
      {"7.4 no option", "extra()", nullptr},
      {"7.4 trailing ;", "age(unit:x;)", nullptr},
      {"7.4 blank instead of ;", "age(unit:x suffix:y)", nullptr},
      {"7.4 not closed", "age(unit:x", nullptr},
      {"7.4 not opened", "age", nullptr},
      {"7.4 open quote", "age(unit:'x)", nullptr},
      {"7.4 no value", "age(unit:)", nullptr},
      {"7.4 no key", "age(:x)", nullptr},
      {"7.4 no selector", "(unit:x)", nullptr},
      {"7.4 other characters", "age(unit:$)", nullptr},
      {"7.4 behind", "age(unit:x))", nullptr},
  };
  const auto check = ThingCheck(ThingDefaults());
  for (const auto& row : rows) {
    CAPTURE(row.section);
    CAPTURE(std::string(row.config));
    const auto result =
        RunThings(check, {"warn=age < 1", std::string("perf-config=") + row.config},
                  NumberedThings(1));
    const bool is_valid = row.perf != nullptr;
    CHECK(result.state == (is_valid ? State::kOk : State::kUnknown));
    CHECK(result.lines[0].message == (is_valid ? "OK: " : "Failed to parse syntax"));
    CHECK(sdk::FormatPerf(result.lines[0].perf) == (is_valid ? row.perf : ""));
  }
  std::vector<std::string> log;
  RunThings(check, {"perf-config=age()"}, {}, &log);
  CHECK(log == std::vector<std::string>{"Failed to parse: age()"});
}

TEST_CASE("spec 7.4: which selector wins") {
  // From the most telling to the least.
  const char* selectors[] = {"pre.used.suf", "pre.used", "used.suf", "pre",
                             "suf",          "used",     "*"};
  for (size_t first = 0; first < std::size(selectors); ++first) {
    std::string text;
    for (size_t i = std::size(selectors); i-- > first;) {
      text += std::string(selectors[i]) + "(unit:u" + std::to_string(i) + ")";
    }
    const auto config = PerfConfig::Parse(text);
    REQUIRE(config.ok());
    CHECK(config->Find("unit", " pre ", "used", " suf ") == "u" + std::to_string(first));
    CHECK(config->Find("other", "pre", "used", "suf") == std::nullopt);
  }
  // Where there is neither prefix nor suffix, what names them means nothing.
  const auto config = PerfConfig::Parse("used.(unit:a) .used(unit:b) *(unit:c)");
  REQUIRE(config.ok());
  CHECK(config->Find("unit", "", "used", "") == "c");
}

TEST_CASE("spec 7.4: rules do not reach the variables of the summary") {
  CheckRows(ThingCheck(ThingDefaults()), NumberedThings(6),
            {
                {"7.4",
                 {"warn=count > 9", "perf-config=count(ignored:true)"},
                 State::kOk,
                 "OK: |'count'=6;9;0"},
                {"7.4",
                 {"warn=count > 9", "perf-config=*(suffix:c;unit:x)"},
                 State::kOk,
                 "OK: |'count'=6;9;0"},
            });
}

TEST_CASE("spec 7.5: numbers and items") {
  const struct {
    double number;
    const char* text;
  } numbers[] = {
      {1.04, "1.04"},  {0, "0"},
      {-0.0, "0"},     {0.00001, "0.00001"},
      {0.000009, "0"}, {1.999999, "1.99999"},
      {-2.5, "-2.5"},  {1e15, "1000000000000000"},
      {100, "100"},    {std::numeric_limits<double>::infinity(), "U"},
  };
  for (const auto& row : numbers) {
    CHECK(sdk::FormatNumber(row.number) == std::string(row.text));
  }
  sdk::PerfValue value;
  value.label = "a b";
  value.value = 1;
  CHECK(sdk::FormatPerf(value) == "'a b'=1");
  value.maximum = 5;
  CHECK(sdk::FormatPerf(value) == "'a b'=1;;;;5");
  value.warning = sdk::Bound{4, "4:5"};
  value.unit = "s";
  CHECK(sdk::FormatPerf(value) == "'a b'=1s;4:5;;;5");
  value.text = "U";
  CHECK(sdk::FormatPerf(value) == "'a b'=U");
}

TEST_CASE("spec 7.6: performance data of plugins, read and printed again") {
  const struct {
    std::string section;
    const char* text;
    const char* printed;
  } rows[] = {
      {"7.6", "a=1", "'a'=1"},
      {"7.6", "'a b'=1.5ms;2;3;0;10", "'a b'=1.5ms;2;3;0;10"},
      {"7.6 blanks", "  a=1   b=2\tc=3 ", "'a'=1 'b'=2 'c'=3"},
      {"7.6 decimal comma", "a=1,5;2,5", "'a'=1.5;2.5"},
      {"7.6 leading garbage", "a=$12USD", "'a'=12USD"},
      {"7.6 undefined", "a=U b=u c=U%;1;2", "'a'=U 'b'=U 'c'=U"},
      {"7.6 not numeric", "a=x", "'a'=0"},
      {"7.6 ranges", "a=1;@0:90;~:10 b=2;4:5", "'a'=1;@0:90;~:10 'b'=2;4:5"},
      {"7.6 units of bounds", "a=1s;2s;3s;0s;9s", "'a'=1s;2;3;0;9"},
      {"7.6 absent fields", "a=1;;3;;", "'a'=1;;3"},
      {"7.6 empty label", "''=1 =2 a=3", "'a'=3"},
      {"7.6 negative", "a=-1.5;-2", "'a'=-1.5;-2"},
      {"7.6 nothing", "", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.section);
    CAPTURE(std::string(row.text));
    CHECK(sdk::FormatPerf(sdk::ParsePerf(row.text)) == row.printed);
  }
}

}  // namespace
}  // namespace nscp::checks
