// filter-engine.md 3: placeholders, names, show-all, the variables of the summary.
#include "workers/checks/expression_bench.h"
#include "workers/checks/spec_rows.h"

namespace nscp::checks {
namespace {

using sdk::State;

TEST_CASE("spec 3.1: placeholders, and what is just text") {
  const struct {
    std::string section;
    const char* text;
    const char* expected;
  } rows[] = {
      {"3.1 name", "${name}", "notepad"},
      {"3.1 name", "%(name)", "notepad"},
      {"3.1 around", "a${name}b%(number)c", "anotepadb5c"},
      {"3.1 twice", "%(number)%(number)", "55"},
      {"3.1 no nesting", "${na${me}", "error: Invalid variable: na${me"},
      {"3.1 unterminated", "x ${name", "x ${name"},
      {"3.1 unterminated", "x %(name", "x %(name"},
      {"3.1 unterminated", "%(${name}", "%(notepad"},
      {"3.1 empty", "a${}b%()c", "a${}b%()c"},
      {"3.1 empty", "${", "${"},
      {"3.1 empty", "%(", "%("},
      {"3.1 ends", "100%", "100%"},
      {"3.1 ends", "5$", "5$"},
      {"3.1 plain braces", "{name} (name) %name $name", "{name} (name) %name $name"},
      {"3.1 no escapes", "C:\\temp\\${name}\\n", "C:\\temp\\notepad\\n"},
      {"3.1 expression", "%(format_bytes(size))", "5KB"},
      {"3.1 expression", "%(format_bytes(size, 'KB'))", "5"},
      {"3.1 expression in braces", "${format_bytes(size)}", "5KB"},
      {"3.1 quoted )", "%(format_bytes(size, 'K)'))!", "5!"},
      {"3.1 nested calls", "%(format_bytes(convert_bytes(size, 'K')))", "5B"},
      {"3.1 nested calls", "%(scale(neg(number), 2))", "-2.5"},
      {"3.1 function as name", "%(is_big)", "1"},
      {"3.1 function call", "%(is_big())", "1"},
      {"3.1 function with argument", "%(letter(2))", "t"},
      {"3.1 no balanced close: the first", "%(letter((2)x",
       "error: Invalid expression in placeholder: letter((2 "},
      {"3.1 unknown name", "%(lod)", "error: Invalid variable: lod"},
      {"3.1 unknown name", "${NAME}", "error: Invalid variable: NAME"},
      {"3.1 needs an argument", "%(letter)", "error: Invalid variable: letter"},
      {"3.1 unknown function", "%(nofun(size))",
       "error: Invalid expression in placeholder: nofun(size) "},
      {"3.1 bad expression", "%(format_bytes(size)",
       "error: Invalid expression in placeholder: format_bytes(size "},
  };
  for (const auto& row : rows) {
    CAPTURE(row.section);
    CAPTURE(row.text);
    const std::string text = Bench().Render(row.text);
    const bool is_error = StartsWith(row.expected, "error: Invalid expression");
    CHECK((is_error ? text.substr(0, std::string(row.expected).size()) : text) ==
          row.expected);
  }
}

TEST_CASE("spec 3.2: how values are printed") {
  Bench bench;
  bench.thing.real = 1234567.0;
  CHECK(bench.Render("%(real)") == "1.23457e+06");
  bench.thing.real = 0.52;
  CHECK(bench.Render("%(real)") == "0.52");
  bench.thing.real = 3;
  CHECK(bench.Render("%(real)") == "3");
  bench.thing.number = -9223372036854775807;
  CHECK(bench.Render("%(number)") == "-9223372036854775807");
  CHECK(bench.Render("%(maybe) %(state) %(core) %(label)") ==
        "never started core -9223372036854775807 <notepad>");
  CHECK(bench.Render("%(scale(maybe, 2)) %(format_bytes(maybe))") == "never never");
  bench.thing.maybe = 7;
  CHECK(bench.Render("%(maybe) %(scale(maybe, 2))") == "7 3.5");
}

TEST_CASE("spec 3.2: who owns a name that both the object and the summary have") {
  Keywords<Thing> keywords = ThingKeywords();
  keywords.Integer("count", "", [](const Thing& t) { return 10 * t.number; });
  FilterDefaults defaults = ThingDefaults();
  defaults.perf_syntax.clear();
  const Check<Thing> check(OptionTable(), defaults, std::move(keywords));
  CheckRows(
      check, NumberedThings(3),
      {
          {"3.2 detail: object",
           {"top-syntax=%(list)", "detail-syntax=%(count)"},
           State::kOk,
           "10, 20, 30"},
          {"3.2 top: summary", {"top-syntax=%(count) of ${total}"}, State::kOk, "3 of 3"},
          {"3.2 expression: object",
           {"filter=count = 20", "top-syntax=%(list)"},
           State::kOk,
           "t2"},
          {"3.2 threshold: object", {"warn=count > 25"}, State::kWarning, "WARNING: t3"},
          {"3.2 top: no object",
           {"top-syntax=[%(name)|%(number)|%(real)|%(state)|%(maybe)]"},
           State::kOk,
           "[|0|0||0]"},
          {"3.2 ok: no object",
           {"ok-syntax=[%(name)%(number)%(label)]"},
           State::kOk,
           "[0]"},
          {"3.2 empty: no object",
           {"filter=number = 9", "empty-syntax=[%(is_big)]"},
           State::kOk,
           "[0]"},
      });
}

TEST_CASE("spec 3.3: show-all and the texts that clear ok-syntax") {
  FilterDefaults defaults = ThingDefaults();
  defaults.perf_syntax.clear();
  defaults.ok_syntax = "%(status): fine";
  CheckRows(
      ThingCheck(defaults), NumberedThings(3),
      {
          {"3.3", {}, State::kOk, "OK: fine"},
          {"3.3 ${problem_list}", {"show-all"}, State::kOk, "OK: t1, t2, t3"},
          {"3.3 %(problem_list)",
           {"show-all", "top-syntax=%(problem_list)!"},
           State::kOk,
           "t1, t2, t3!"},
          {"3.3 only the first form",
           {"show-all", "top-syntax=${problem_list}/%(problem_list)"},
           State::kOk,
           "t1, t2, t3/"},
          {"3.3 list stays",
           {"show-all", "top-syntax=<%(list)>"},
           State::kOk,
           "<t1, t2, t3>"},
          {"3.3 list stays",
           {"show-all", "top-syntax=<${list}>"},
           State::kOk,
           "<t1, t2, t3>"},
          {"3.3 else detail_list",
           {"show-all", "top-syntax=${status}"},
           State::kOk,
           "t1, t2, t3"},
          {"3.3 detail_list groups",
           {"show-all", "crit=number = 1", "warn=number = 2"},
           State::kCritical,
           "CRITICAL: critical(t1), warning(t2), t3"},
          {"3.3 show-all=false", {"show-all=false"}, State::kOk, "OK: fine"},
          {"3.3 cleared always", {"top-syntax=%(list)"}, State::kOk, "t1, t2, t3"},
          {"3.3 cleared always", {"top-syntax=${list}"}, State::kOk, "t1, t2, t3"},
          {"3.3 cleared always", {"top-syntax=%(detail_list)"}, State::kOk, "t1, t2, t3"},
          {"3.3 cleared always", {"top-syntax=${lines}"}, State::kOk, "t1, t2, t3"},
          {"3.3 cleared by the bare word",
           {"top-syntax=match_list"},
           State::kOk,
           "match_list"},
          {"3.3 cleared by the bare word",
           {"top-syntax=lines only"},
           State::kOk,
           "lines only"},
          {"3.3 kept", {"top-syntax=${ok_list}"}, State::kOk, "OK: fine"},
          {"3.3 kept", {"top-syntax=${problem_list}"}, State::kOk, "OK: fine"},
      });
}

TEST_CASE("spec 3.4: the variables of the summary") {
  const struct {
    const char* name;
    const char* value;
  } rows[] = {
      {"count", "4"},
      {"total", "5"},
      {"ok_count", "2"},
      {"warn_count", "1"},
      {"crit_count", "1"},
      {"problem_count", "2"},
      {"list", "t1; t2; t3; t4"},
      {"lines", "t1; t2; t3; t4"},
      {"ok_list", "t1; t4"},
      {"warn_list", "t3"},
      {"crit_list", "t2"},
      {"problem_list", "t2; t3"},
      {"detail_list", "critical(t2); warning(t3); t1; t4"},
      {"status", "CRITICAL"},
      {"sep", "; "},
  };
  for (const auto& row : rows) {
    CheckRows(QuietCheck(), NumberedThings(5),
              {{row.name,
                {"filter=number < 5", "warn=number = 3", "crit=number = 2",
                 "list-separator=; ", std::string("top-syntax=<${") + row.name + "}>"},
                State::kCritical,
                std::string("<") + row.value + ">"}});
  }
  CheckRows(QuietCheck(), NumberedThings(3),
            {
                {"3.4 empty groups",
                 {"warn=number = 1", "top-syntax=%(detail_list)"},
                 State::kWarning,
                 "warning(t1), t2, t3"},
                {"3.4 empty details",
                 {"top-syntax=<%(list)>", "detail-syntax=none"},
                 State::kOk,
                 "<>"},
                {"3.4 some details empty",
                 {"top-syntax=<%(list)>", "detail-syntax=%(letter(2))"},
                 State::kOk,
                 "<>"},
                {"3.4 running count",
                 {"top-syntax=%(list)", "detail-syntax=%(count)/%(total)"},
                 State::kOk,
                 "1/1, 2/2, 3/3"},
                {"3.4 running list",
                 {"top-syntax=%(list)", "detail-syntax=%(name)[%(list)]"},
                 State::kOk,
                 "t1[], t2[t1[]], t3[t1[], t2[t1[]]]"},
            });
}

}  // namespace
}  // namespace nscp::checks
