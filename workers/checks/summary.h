// What a check knows beyond single objects: counts, lists, the state so far; and the
// keywords by which expressions and templates see it (filter-engine.md 3.4). Belongs to
// one run of a check.
#pragma once

#include <string>
#include <vector>

#include "workers/checks/keywords.h"
#include "workers/sdk/check_result.h"

namespace nscp::checks {

struct Summary {
  // An object that matched the filter.
  struct Row {
    std::string text;
    sdk::State state = sdk::State::kOk;
    bool listed = true;  // false for a repeat of its unique index
  };
  std::vector<Row> rows;
  int64_t total = 0;
  int64_t warn_count = 0;
  int64_t crit_count = 0;
  sdk::State state = sdk::State::kOk;
  // A summary threshold has put every row into this list (filter-engine.md 5.3).
  bool all_warning = false;
  bool all_critical = false;
  std::string separator = ", ";

  int64_t count() const { return static_cast<int64_t>(rows.size()); }
  // OK < WARNING < CRITICAL; UNKNOWN only replaces OK.
  void Escalate(sdk::State to);

  std::string List() const;
  std::string OkList() const;
  std::string WarningList() const;
  std::string CriticalList() const;
  std::string ProblemList() const;
  std::string DetailList() const;
};

Keywords<Summary> SummaryKeywords();

}  // namespace nscp::checks
