// The option perf-config: changes names, units and bounds of performance data, and asks
// for more of it (filter-engine.md 7.4). Immutable once parsed: any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::checks {

constexpr size_t kMaxPerfConfigLength = 16 * 1024;

class PerfConfig {
 public:
  // "*(unit:G;ignored:true;suffix:'x') extra(a;b)"; empty or "none" configures nothing.
  static Result<PerfConfig> Parse(std::string_view text);

  // Keywords to emit although no threshold uses them.
  const std::vector<std::string>& extra() const { return extra_; }
  // The value of `key` for a metric: the most telling selector that has it wins.
  std::optional<std::string> Find(std::string_view key, std::string_view prefix,
                                  std::string_view keyword,
                                  std::string_view suffix) const;

 private:
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>>
      rules_;
  std::vector<std::string> extra_;
};

}  // namespace nscp::checks
