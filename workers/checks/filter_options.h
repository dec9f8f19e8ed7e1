// The options that every filter check has and what they come to
// (filter-engine.md 2.3, 3.3).
#pragma once

#include <string>
#include <vector>

#include "workers/checks/options.h"

namespace nscp::checks {

// What a check says when its caller says nothing.
struct FilterDefaults {
  std::vector<std::string> filter;
  std::vector<std::string> warning;
  std::vector<std::string> critical;
  std::string empty_state = "ignored";
  std::string perf_config;
  std::string top_syntax = "${status}: ${list}";
  std::string ok_syntax;
  std::string empty_syntax;
  std::string detail_syntax;
  std::string perf_syntax;
  bool has_unique_index = false;
  std::string unique_index;
};

void AddFilterOptions(OptionTable& table, const FilterDefaults& defaults);

// One call's wishes, defaults filled in.
struct FilterRequest {
  std::vector<std::string> filter;
  std::vector<std::string> warning;
  std::vector<std::string> critical;
  std::vector<std::string> ok;
  bool debug = false;
  bool escape_html = false;
  std::string empty_state;
  std::string perf_config;
  std::string separator;  // decoded
  std::string top_syntax;
  std::string ok_syntax;
  std::string empty_syntax;
  std::string detail_syntax;
  std::string perf_syntax;
  std::string unique_index;
  // The check begins with this state instead of OK; for real-time filters.
  sdk::State first_state = sdk::State::kOk;
};

// "none" is gone from expressions and templates, warn and crit have replaced warning and
// critical, show-all has rewritten the templates.
FilterRequest ReadFilterRequest(const Arguments& arguments);

}  // namespace nscp::checks
