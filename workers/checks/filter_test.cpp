#include <doctest/doctest.h>

#include "proto/cpp/text.h"
#include "workers/checks/test_objects.h"

namespace nscp::checks {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

struct FilterRow {
  Words arguments;
  State state;
  const char* text;
};

void CheckRows(const FilterDefaults& defaults, const std::vector<Thing>& things,
               const std::vector<FilterRow>& rows) {
  const auto check = ThingCheck(defaults);
  for (const FilterRow& row : rows) {
    CAPTURE(Join(row.arguments, " | "));
    const auto result = RunThings(check, row.arguments, things);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
    CHECK(result.lines.size() == 1);
  }
}

TEST_CASE("thresholds give the state, the lists and the performance data") {
  CheckRows(
      ThingDefaults(), NumberedThings(4),
      {
          {{}, State::kOk, "OK: "},
          {{"warn=number > 2", "crit=number > 3"},
           State::kCritical,
           "CRITICAL: t3, t4|'t1_number'=1;2;3 't2_number'=2;2;3 't3_number'=3;2;3 "
           "'t4_number'=4;2;3"},
          {{"warn=number > 2", "filter=number < 4", "top-syntax=%(list)"},
           State::kWarning,
           "t1, t2, t3|'t1_number'=1;2;0 't2_number'=2;2;0 "
           "'t3_number'=3;2;0"},
          {{"filter=number = 1", "filter=number = 4", "top-syntax=${list}"},
           State::kOk,
           "t1, t4"},
          {{"warn=number = 3", "warn=number = 2", "filter=number = 2"},
           State::kWarning,
           "WARNING: t2|'t2_number'=2;3;0"},
          {{"crit=number = 3", "warn=number = 2", "show-all"},
           State::kCritical,
           "CRITICAL: critical(t3), warning(t2), t1, t4|'t1_number'=1;2;3 "
           "'t2_number'=2;2;3 't3_number'=3;2;3 't4_number'=4;2;3"},
          {{"crit=number in (4)", "perf-syntax=none"}, State::kCritical, "CRITICAL: t4"},
          {{"crit=number not in (1)", "ok=number = 4"},
           State::kCritical,
           "CRITICAL: t2, t3, t4"},
          {{"crit=count > 3"},
           State::kCritical,
           "CRITICAL: t1, t2, t3, t4|'count'=4;0;3"},
          {{"crit=count > 3", "top-syntax=%(status): %(problem_count)/%(count)"},
           State::kCritical,
           "CRITICAL: 0/4|'count'=4;0;3"},
          {{"warn=count > 9", "crit=number = 4 and count < 9"},
           State::kCritical,
           "CRITICAL: t4|'t1_number'=1;0;4 't2_number'=2;0;4 't3_number'=3;0;4 "
           "'t4_number'=4;0;4 'count'=4;9;9"},
          {{"warn=size > 2k", "filter=number > 2"},
           State::kWarning,
           "WARNING: t3, t4|'t3 size'=3KB;2;0 't4 size'=4KB;2;0"},
          {{"warn=load > 30%", "filter=number = 4"},
           State::kWarning,
           "WARNING: t4|'t4'=40%;30;0"},
          {{"warn=number > 2.9", "filter=number = 4"},
           State::kWarning,
           "WARNING: t4|'t4_number'=4;2;0"},
          {{"crit=state = 'stopped'", "filter=number = 4"},
           State::kOk,
           "OK: |'t4_state'=1;0;0"},
          {{"crit=written > -1s", "filter=number = 4"},
           State::kOk,
           "OK: |'t4_written'=1000000;0;1003599"},
          {{"crit=core = 'core 9' or name = 'x' or maybe > 3"}, State::kOk, "OK: "},
          {{"warn=number > 8", "crit=number > 9 or real > 1.75", "filter=number = 4"},
           State::kOk,
           "OK: |'t4_number'=4;8;9 't4_real'=1.5;0;1.75"},
      });
}

TEST_CASE("templates, separators and the choice between them") {
  FilterDefaults defaults = ThingDefaults();
  defaults.ok_syntax = "%(status): all is well.";
  defaults.empty_syntax = "%(status): nothing there";
  CheckRows(
      defaults, NumberedThings(2),
      {
          {{}, State::kOk, "OK: all is well."},
          {{"show-all"}, State::kOk, "OK: t1, t2"},
          {{"top-syntax=${status} ${list}"}, State::kOk, "OK t1, t2"},
          {{"top-syntax=${status} ${ok_list}"}, State::kOk, "OK: all is well."},
          {{"top-syntax=lines only"}, State::kOk, "lines only"},
          {{"ok-syntax=none", "top-syntax=x"}, State::kOk, "x"},
          {{"filter=number = 9"}, State::kOk, "OK: nothing there"},
          {{"filter=number = 9", "empty-syntax=none"}, State::kOk, "OK: all is well."},
          {{"filter=number = 9", "empty-state=critical"},
           State::kCritical,
           "CRITICAL: nothing there"},
          {{"filter=number = 9", "empty-state=WARNING"},
           State::kWarning,
           "WARNING: nothing there"},
          {{"filter=number = 9", "empty-state=warn"},
           State::kUnknown,
           "UNKNOWN: nothing there"},
          {{"filter=number = 9", "empty-state=unknown", "crit=count = 0"},
           State::kUnknown,
           "UNKNOWN: nothing there|'count'=0;0;0"},
          {{"filter=number = 9", "crit=number = 1 or count = 0", "empty-syntax=none"},
           State::kCritical,
           "CRITICAL: |'count'=0;0;0"},
          {{"filter=number = 9", "crit=state in ('stopped')"},
           State::kUnknown,
           "UNKNOWN: nothing there"},
          {{"show-all", "list-separator=\\n"}, State::kOk, "OK: t1\nt2"},
          {{"show-all", "list-separator=\\x", "top-syntax=%(list)%(sep)"},
           State::kOk,
           "t1\\xt2\\x"},
          {{"show-all", "detail-syntax=%(name)<%(core)|%(maybe)|%(state)>"},
           State::kOk,
           "OK: t1<core 1|never|started>, t2<core 2|never|started>"},
          {{"show-all", "detail-syntax=%(real) %(format_bytes(size, 'B'))"},
           State::kOk,
           "OK: 1.5 1024, 1.5 2048"},
          {{"show-all",
            "detail-syntax=%(is_big) %(is_big()) %(letter(1)) %((number > 1))"},
           State::kOk,
           "OK: 0 0 1 0, 1 1 2 1"},
          {{"show-all", "detail-syntax=none"}, State::kOk, "OK: "},
          {{"show-all", "escape-html", "detail-syntax=<b>"},
           State::kOk,
           "OK: &lt;b&gt;, &lt;b&gt;"},
          {{"top-syntax=%(list) ${} %() C:\\temp %(number)|%(name)|${"},
           State::kOk,
           "t1, t2 ${} %() C:\\temp 0||${"},
          {{"show-all", "unique-index=%(state)"}, State::kOk, "OK: t1"},
          {{"unique-index=%(state)", "top-syntax=%(list)/%(count)/%(lines)"},
           State::kOk,
           "t1/2/t1"},
      });
}

TEST_CASE("requests that cannot be understood answer UNKNOWN in known words") {
  const std::string validate = "Failed to validate filter see log for details: ";
  const struct {
    Words arguments;
    std::string text;
  } rows[] = {
      {{"filter=lod > 5"}, validate + "Filter expression is not valid: lod > 5"},
      {{"warn=lod > 5"}, validate + "Warning expression is not valid: lod > 5"},
      {{"crit=lod > 5"}, validate + "Critical expression is not valid:lod > 5"},
      {{"crit=count > 1", "crit=lod > 5"},
       validate + "Critical expression is not valid:count > 1, lod > 5"},
      {{"ok=("}, validate + "Ok expression is not valid: ("},
      {{"top-syntax=${nosuch}"}, "Failed to parse syntax"},
      {{"detail-syntax=%(nofun(size))"}, "Failed to parse syntax"},
      {{"perf-config=*(unit:G;)"}, "Failed to parse syntax"},
      {{"perf-config=*()"}, "Failed to parse syntax"},
      {{"perf-config=*(unit:G"}, "Failed to parse syntax"},
      {{"unique-index=%(nosuch)"}, "Invalid unique-syntax: %(nosuch)"},
  };
  const auto check = ThingCheck(ThingDefaults());
  for (const auto& row : rows) {
    std::vector<std::string> log;
    const auto result = RunThings(check, row.arguments, NumberedThings(1), &log);
    CHECK(result.state == State::kUnknown);
    CHECK(result.lines.at(0).message == row.text);
    CHECK(log.size() == 1);
  }
  const auto empty = RunThings(check, {"detail-syntax="}, NumberedThings(1));
  CHECK(empty.lines[0].message.rfind("Invalid command line: the required argument for "
                                     "option '--detail-syntax' is missing\n",
                                     0) == 0);
}

TEST_CASE("none removes a default, warn replaces warning") {
  FilterDefaults defaults = ThingDefaults();
  defaults.filter = {"number > 1"};
  defaults.warning = {"number > 2"};
  defaults.critical = {"number > 3", "count = 0"};
  CheckRows(defaults, NumberedThings(3),
            {
                {{},
                 State::kWarning,
                 "WARNING: t3|'t2_number'=2;2;3 't3_number'=3;2;3 'count'=2;0;0"},
                {{"warning=none", "critical=none"}, State::kOk, "OK: "},
                {{"warn=none", "crit=none", "perf-config=extra(number;total;nosuch)"},
                 State::kOk,
                 "OK: |'t2_number'=2;0;0 't3_number'=3;0;0 'total'=3;0;0"},
                {{"warn=number = 2", "crit=none", "filter=none"},
                 State::kWarning,
                 "WARNING: t2|'t1_number'=1;2;0 't2_number'=2;2;0 't3_number'=3;2;0"},
            });
  const auto shown = RunThings(ThingCheck(defaults), {"show-default"}, {});
  CHECK(shown.lines[0].message.find("\"filter=number > 1\" \"warning=number > 2\" "
                                    "\"critical=number > 3, count = 0\" ") !=
        std::string::npos);
}

TEST_CASE("perf-config renames, rescales, bounds and drops") {
  FilterDefaults defaults = ThingDefaults();
  CheckRows(
      defaults, NumberedThings(1),
      {
          {{"warn=size > 2k", "perf-config=*(unit:B)"},
           State::kOk,
           "OK: |'t1 size'=1024B;2048;0"},
          {{"warn=size > 2k", "perf-config=size(unit:mb;prefix:'a ';suffix:none)"},
           State::kOk,
           "OK: |'a t1'=0.00097mb;0.00195;0"},
          {{"warn=size > 2k and number > 5", "perf-config=number(ignored:true)"},
           State::kOk,
           "OK: |'t1 size'=1KB;2;0"},
          {{"warn=number > 5",
            "perf-config=*(min:1;max:9;minimum:2;maximum:x) "
            "number(unit:items;suffix:'')"},
           State::kOk,
           "OK: |'t1'=1items;5;0;2;9"},
          {{"warn=count > 5", "perf-config=count(ignored:true;unit:x)"},
           State::kOk,
           "OK: |'count'=1;5;0"},
          {{"warn=number > 5", "perf-config=number._number(suffix:x) _number(suffix:y)"},
           State::kOk,
           "OK: |'t1x'=1;5;0"},
      });
}

TEST_CASE("a collector can ask which keywords a call looks at") {
  const struct {
    std::vector<std::string> arguments;
    std::vector<std::string> used;
    std::vector<std::string> unused;
  } rows[] = {
      {{}, {"name"}, {"number", "size", "is_big", "count"}},
      {{"filter=size > 1k or is_big()", "warn=not (5 < number)"},
       {"name", "size", "number", "is_big"},
       {"real", "letter"}},
      {{"detail-syntax=%(format_bytes(size))", "perf-syntax=${made}"},
       {"size", "made"},
       {"name"}},
      {{"perf-config=extra(real;nothing)", "crit=count > 5"}, {"real"}, {"number"}},
      {{"unique-index=%(core)", "crit=maybe in (1, 2)"}, {"core", "maybe"}, {"number"}},
  };
  const Check<Thing> check = ThingCheck(ThingDefaults());
  for (const auto& row : rows) {
    const Environment environment;
    bool asked = false;
    const auto result =
        check.Run(row.arguments, environment, [&](const Arguments&, Sink<Thing>& sink) {
          asked = true;
          for (const auto& name : row.used) {
            CHECK_MESSAGE(sink.Uses(name), name);
          }
          for (const auto& name : row.unused) {
            CHECK_FALSE_MESSAGE(sink.Uses(name), name);
          }
          CHECK(sink.count() == 0);
          sink.Add(Thing());
          return Status::Ok();
        });
    CHECK(asked);
  }
}

}  // namespace
}  // namespace nscp::checks
