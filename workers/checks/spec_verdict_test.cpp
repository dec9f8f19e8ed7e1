// filter-engine.md 5 and 6: verdicts of objects and of the summary, the message.
#include <thread>

#include "workers/checks/spec_rows.h"

namespace nscp::checks {
namespace {

using sdk::State;

TEST_CASE("spec 5.1, 5.2: the verdict of each object") {
  CheckRows(
      QuietCheck(), NumberedThings(4),
      {
          {"5.1 filters are joined by or",
           {"filter=number = 1", "filter=number = 3", "top-syntax=%(list)"},
           State::kOk,
           "t1, t3"},
          {"5.1 warnings are joined by or",
           {"warn=number = 1", "warn=number = 3"},
           State::kWarning,
           "WARNING: t1, t3"},
          {"5.2 critical first",
           {"warn=number > 1", "crit=number > 3",
            "top-syntax=%(status) %(crit_list)/%(warn_list)/%(ok_list) %(crit_count)"
            "%(warn_count)%(ok_count)%(problem_count)"},
           State::kCritical,
           "CRITICAL t4/t2, t3/t1 1213"},
          {"5.2 order of problem_list",
           {"warn=number < 4", "crit=number = 2"},
           State::kCritical,
           "CRITICAL: t1, t2, t3"},
          {"5.2 thresholds see the final count",
           {"warn=number = 1 and count = 4"},
           State::kWarning,
           "WARNING: t1"},
          {"5.2 mixed", {"warn=number = 2 or count < 4"}, State::kWarning, "WARNING: t2"},
          {"5.2 mixed",
           {"filter=number > 1", "warn=number = 2 or count < 4"},
           State::kWarning,
           "WARNING: t2, t3, t4"},
          {"5.2 in needs an object",
           {"warn=count in (4)", "top-syntax=%(problem_count): %(problem_list)"},
           State::kWarning,
           "4: t1, t2, t3, t4"},
          {"5.2 the filter sees the running count",
           {"filter=count < 2", "top-syntax=%(list)"},
           State::kOk,
           "t1, t2"},
      });
}

TEST_CASE("spec 5.3, 5.4: the verdict of the summary") {
  CheckRows(
      QuietCheck(), NumberedThings(4),
      {
          {"5.3 once", {"crit=count > 3"}, State::kCritical, "CRITICAL: t1, t2, t3, t4"},
          {"5.3 all are listed, none is counted",
           {"crit=count > 3",
            "top-syntax=${status}: ${problem_count}/${count} files (${problem_list})"},
           State::kCritical,
           "CRITICAL: 0/4 files (t1, t2, t3, t4)"},
          {"5.3 warning", {"warn=total = 4"}, State::kWarning, "WARNING: t1, t2, t3, t4"},
          {"5.3 critical before warning",
           {"warn=count > 1", "crit=count > 2", "top-syntax=${status} <%(warn_list)>"},
           State::kCritical,
           "CRITICAL <>"},
          {"5.3 an object's CRITICAL stays",
           {"warn=count > 1", "crit=number = 2", "top-syntax=${status} <%(crit_list)>"},
           State::kCritical,
           "CRITICAL <t2>"},
          {"5.3 ok changes nothing",
           {"warn=count > 1", "ok=count > 0"},
           State::kWarning,
           "WARNING: t1, t2, t3, t4"},
          {"5.3 not forced when something matched",
           {"filter=number = 1", "crit=number = 0"},
           State::kOk,
           "OK: "},
      });
  CheckRows(
      QuietCheck(), NumberedThings(2),
      {
          {"5.3 forced, sure",
           {"filter=name = 'zz'", "crit=state = 'stopped' or count = 0"},
           State::kCritical,
           "CRITICAL: "},
          {"5.3 forced, unsure true",
           {"filter=name = 'zz'", "crit=number = 0"},
           State::kUnknown,
           "UNKNOWN: "},
          {"5.3 forced, unsure false",
           {"filter=name = 'zz'", "crit=number = 9"},
           State::kUnknown,
           "UNKNOWN: "},
          {"5.3 forced, in",
           {"filter=name = 'zz'", "crit=state in ('hung')"},
           State::kUnknown,
           "Failed to validate filter see log for details: Critical expression is not "
           "valid:state in ('hung')"},
          {"5.3 forced, in",
           {"filter=name = 'zz'", "crit=state in ('stopped')"},
           State::kUnknown,
           "UNKNOWN: "},
          {"5.3 forced, surely false",
           {"filter=name = 'zz'", "crit=number = 9 and count > 0"},
           State::kOk,
           "OK: "},
          {"5.3 unsure only replaces OK",
           {"filter=name = 'zz'", "crit=number = 9", "warn=count = 0"},
           State::kWarning,
           "WARNING: "},
          {"6.3 empty-state decides",
           {"filter=name = 'zz'", "crit=number = 9", "empty-state=ok"},
           State::kOk,
           "OK: "},
          {"6.3 empty-state overrides",
           {"filter=name = 'zz'", "crit=count = 0", "empty-state=WARNING"},
           State::kWarning,
           "WARNING: "},
      });
  CheckRows(
      QuietCheck(), {},
      {
          {"5.3 no objects at all", {}, State::kOk, "OK: "},
          {"5.3 no objects at all", {"warn=total = 0"}, State::kWarning, "WARNING: "},
          {"5.3 no objects at all", {"crit=number > 0"}, State::kUnknown, "UNKNOWN: "},
      });
}

TEST_CASE("spec 5.5: a repeat of a unique index counts but is not listed") {
  std::vector<Thing> things = NumberedThings(3);
  things.push_back(things[0]);
  CheckRows(QuietCheck(), things,
            {
                {"5.5",
                 {"unique-index=%(name)", "top-syntax=%(count): %(list)"},
                 State::kOk,
                 "4: t1, t2, t3"},
                {"5.5 thresholds",
                 {"unique-index=${name}", "warn=number = 1",
                  "top-syntax=%(warn_count): %(warn_list)"},
                 State::kWarning,
                 "2: t1"},
                {"5.5 none",
                 {"unique-index=none", "top-syntax=%(list)"},
                 State::kOk,
                 "t1, t2, t3, t1"},
                {"8 bad",
                 {"unique-index=%(nothing)"},
                 State::kUnknown,
                 "Invalid unique-syntax: %(nothing)"},
            });
  FilterDefaults defaults = ThingDefaults();
  defaults.has_unique_index = false;
  const auto result = RunThings(ThingCheck(defaults), {"unique-index=x"}, things);
  CHECK(StartsWith(result.lines[0].message,
                   "Invalid command line: unrecognised option 'unique-index=x'\n"));
}

TEST_CASE("spec 6.1 to 6.3: which message, and the state when nothing matched") {
  FilterDefaults defaults = ThingDefaults();
  defaults.perf_syntax.clear();
  defaults.ok_syntax = "ok: %(status)";
  defaults.empty_syntax = "empty: %(status)";
  const Words nothing = {"filter=number = 9"};
  std::vector<SpecRow> rows = {
      {"6.1 ok", {}, State::kOk, "ok: OK"},
      {"6.1 top", {"warn=number = 1"}, State::kWarning, "WARNING: t1"},
      {"6.1 ok-syntax=none", {"ok-syntax=none"}, State::kOk, "OK: "},
      {"6.1 empty", nothing, State::kOk, "empty: OK"},
      {"6.1 empty-syntax=none",
       {"filter=number = 9", "empty-syntax=none"},
       State::kOk,
       "ok: OK"},
      {"6.1 empty-syntax=none, not OK",
       {"filter=number = 9", "empty-syntax=none", "empty-state=critical"},
       State::kCritical,
       "CRITICAL: "},
  };
  const struct {
    const char* word;
    State state;
  } states[] = {
      {"ok", State::kOk},
      {"OK", State::kOk},
      {"warning", State::kWarning},
      {"WARNING", State::kWarning},
      {"critical", State::kCritical},
      {"CRITICAL", State::kCritical},
      {"unknown", State::kUnknown},
      {"UNKNOWN", State::kUnknown},
      {"warn", State::kUnknown},
      {"crit", State::kUnknown},
      {"Ok", State::kUnknown},
      {"bogus", State::kUnknown},
      {"ignored", State::kOk},
  };
  for (const auto& row : states) {
    rows.push_back({"6.3",
                    {"filter=number = 9", std::string("empty-state=") + row.word},
                    row.state,
                    "empty: " + std::string(sdk::StateName(row.state))});
    rows.push_back({"6.3 something matched",
                    {std::string("empty-state=") + row.word},
                    State::kOk,
                    "ok: OK"});
  }
  CheckRows(ThingCheck(defaults), NumberedThings(1), rows);
}

TEST_CASE("spec 6.4, 6.5: the text form and the dump") {
  CheckRows(
      ThingCheck(ThingDefaults()), NumberedThings(3),
      {
          {"6.4 long output",
           {"show-all", "list-separator=\\n", "warn=number > 9", "filter=number < 3"},
           State::kOk,
           "OK: t1\nt2|'t1_number'=1;9;0 't2_number'=2;9;0"},
          {"6.4 a | in the message stays", {"top-syntax=a|b"}, State::kOk, "a|b"},
          {"6.5 dump, performance data behind it",
           {"debug", "filter=number > 1", "warn=number = 2", "crit=number = 3"},
           State::kCritical,
           "ignored  t1\nmatch    t2\nmatch    t3\nwarning  t2\ncritical t3\n"
           "|'t2_number'=2;2;3 't3_number'=3;2;3"},
          {"6.5 neither",
           {"debug=true", "filter=number = 1"},
           State::kOk,
           "match    t1\nignored  t2\nignored  t3\nmatch    t1\n"},
          {"6.5 nothing matched",
           {"debug", "filter=number = 9", "empty-state=warning"},
           State::kWarning,
           "ignored  t1\nignored  t2\nignored  t3\n"},
      });
}

TEST_CASE("spec 6.6: the words for a state") {
  for (const char* word : {"o", "ok", "OK", "0"})
    CHECK(sdk::ParseState(word) == State::kOk);
  for (const char* word : {"w", "WARN", "warning", "1"}) {
    CHECK(sdk::ParseState(word) == State::kWarning);
  }
  for (const char* word : {"c", "crit", "Critical", "2"}) {
    CHECK(sdk::ParseState(word) == State::kCritical);
  }
  for (const char* word : {"", "u", "unknown", "3", "okay"}) {
    CHECK(sdk::ParseState(word) == State::kUnknown);
  }
}

TEST_CASE("one check may run in many threads at a time") {
  const auto check = ThingCheck(ThingDefaults());
  const auto things = NumberedThings(50);
  const Words arguments = {"filter=name regexp 't.*' and label like 'T'",
                           "warn=number > 40 or list like 't9'", "show-all",
                           "detail-syntax=%(label)%(core)", "perf-config=extra(size)"};
  const std::string expected = sdk::FormatPlain(RunThings(check, arguments, things));
  std::vector<std::string> answers(4);
  std::vector<std::thread> threads;
  for (std::string& answer : answers) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        answer = sdk::FormatPlain(RunThings(check, arguments, things));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& answer : answers) CHECK(answer == expected);
}

}  // namespace
}  // namespace nscp::checks
