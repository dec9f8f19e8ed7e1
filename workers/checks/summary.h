// What a check knows beyond single objects: counts, lists, the state so far; and the
// keywords by which expressions and templates see it (filter-engine.md 3.4). Belongs to
// one run of a check.
#pragma once

#include <array>
#include <string>
#include <string_view>
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
  // To be called after a change of `rows` or of what decides who is in which list.
  void Changed() { ++version; }

  // The lists, joined by the separator. They are valid until the next change.
  std::string_view List() const;
  std::string_view OkList() const;
  std::string_view WarningList() const;
  std::string_view CriticalList() const;
  std::string_view ProblemList() const;
  std::string_view DetailList() const;

  // Lists are long, and an expression may look at them for every object: each is joined
  // once and kept.
  struct Joined {
    std::string text;
    uint64_t version = 0;  // 0: not joined yet
  };
  uint64_t version = 1;
  mutable std::array<Joined, 6> joined;
};

Keywords<Summary> SummaryKeywords();

}  // namespace nscp::checks
