// The tests named spec_*_test.cpp walk filter-engine.md section by section; each row
// names its section. What they share: running a check over numbered things, twice, since
// the same call must give the same answer.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "proto/cpp/text.h"
#include "workers/checks/test_objects.h"

namespace nscp::checks {

using Words = std::vector<std::string>;

struct SpecRow {
  std::string section;
  Words arguments;
  sdk::State state;
  std::string text;  // message, then performance data behind '|'
};

inline void CheckRows(const Check<Thing>& check, const std::vector<Thing>& things,
                      const std::vector<SpecRow>& rows) {
  for (const SpecRow& row : rows) {
    CAPTURE(row.section);
    CAPTURE(Join(row.arguments, " | "));
    const auto result = RunThings(check, row.arguments, things);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
    CHECK(result.lines.size() == 1);
    CHECK(sdk::FormatPlain(RunThings(check, row.arguments, things)) == row.text);
  }
}

// The check of test_objects.h without performance data, so that rows stay short.
inline Check<Thing> QuietCheck() {
  FilterDefaults defaults = ThingDefaults();
  defaults.perf_syntax.clear();
  return ThingCheck(defaults);
}

}  // namespace nscp::checks
