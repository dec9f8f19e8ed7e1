#include "workers/check_helpers/started.h"

namespace nscp::check_helpers {
namespace {

TEST_CASE("performance data is sorted, limited, transformed and rendered") {
  const struct {
    const char* command;
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {"filter_perf",
       {"command=many"},
       State::kWarning,
       "a\nb|'x'=2%;5;8;1;9 'u'=U 'y'=7 'z'=1;2:3"},
      {"filter_perf",
       {"command=many", "sort=normal"},
       State::kWarning,
       "a\nb|'y'=7 'x'=2%;5;8;1;9 'z'=1;2:3 'u'=U"},
      {"filter_perf",
       {"command=many", "sort=reverse", "limit=2"},
       State::kWarning,
       "a\nb|'z'=1;2:3 'x'=2%;5;8;1;9"},
      {"filter_perf", {"sort=normal"}, State::kUnknown, "Missing command"},
      {"filter_perf",
       {"command=many", "sort=up"},
       State::kUnknown,
       "Invalid sort order: 'up' (expected one of none|normal|reverse)"},
      {"xform_perf",
       {"command=many", "mode=extract", "field=max", "replace=x=x max"},
       State::kWarning,
       "ab|'x'=2%;5;8;1;9 'u'=U 'x max'=9% 'y'=7 'z'=1;2:3 'y'=0 'z'=0"},
      {"xform_perf",
       {"command=many", "mode=extract", "field=warn", "replace=x=w"},
       State::kWarning,
       "ab|'x'=2%;5;8;1;9 'u'=U 'w'=5% 'y'=7 'z'=1;2:3 'y'=0 'z'=2"},
      {"xform_perf",
       {"command=many", "mode=minmax"},
       State::kWarning,
       "ab|'x'=2%;5;8;0;100 'u'=U 'y'=7 'z'=1;2:3"},
      {"xform_perf",
       {"command=check_ok", "mode=bogus"},
       State::kUnknown,
       "No messageInvalid mode specified"},
      {"xform_perf",
       {"command=check_ok", "mode=extract", "replace=x"},
       State::kUnknown,
       "No messageInvalid syntax replace string"},
      {"render_perf", {"command=check_ok"}, State::kUnknown, "No messageUNKNOWN:  "},
      {"render_perf",
       {"command=many", "remove-perf"},
       State::kOk,
       "abOK:  x\t2\t%\t5\t8\t1\t9\n, u\tU\t\t\t\t\t\n, y\t7\t\t\t\t\t\n, "
       "z\t1\t\t2:3\t\t\t\n"},
      {"render_perf",
       {"command=many", "detail-syntax=%(message)", "crit=value > 5", "arguments", "q"},
       State::kCritical,
       "abCRITICAL:  x, u, y, z|'x'=2%;5;8;1;9 'u'=U 'y'=7 'z'=1;2:3 'x_value'=2;0;5 "
       "'y_value'=7;0;5 'z_value'=1;0;5"},
      {"render_perf", {"detail-syntax=x"}, State::kUnknown, "Missing command"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.command);
    Started helpers;
    auto many = MakeResult(State::kWarning, "a", "x=2%;5;8;1;9 u=U");
    many.lines.push_back({"b", sdk::ParsePerf("y=7 z=1;2:3")});
    helpers.call.answers["many"] = many;
    const auto result = helpers.Ask(row.command, row.arguments);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
}

}  // namespace
}  // namespace nscp::check_helpers
