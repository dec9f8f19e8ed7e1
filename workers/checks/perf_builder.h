// Makes the performance data of a check: which keywords (those that thresholds compare
// with a literal, and those asked for), with which bounds, in which form
// (filter-engine.md 7.1 to 7.3). Made for one run of a check.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "workers/checks/binder.h"
#include "workers/checks/perf_config.h"
#include "workers/sdk/check_result.h"

namespace nscp::checks {

class PerfBuilder {
 public:
  PerfBuilder(const std::vector<CompiledExpression>& warning,
              const std::vector<CompiledExpression>& critical, PerfConfig config,
              const Scope& scope);

  // `label` is the rendered perf-syntax of the object.
  void AppendObject(const void* object, const std::string& label, Scratch& scratch,
                    std::vector<sdk::PerfValue>& out) const;
  void AppendSummary(const void* summary, Scratch& scratch,
                     std::vector<sdk::PerfValue>& out) const;

 private:
  struct Metric {
    const Keyword* keyword = nullptr;
    std::optional<Literal> warning;
    std::optional<Literal> critical;
  };
  using Metrics = std::map<std::string, Metric>;
  struct Numbers {
    double value = 0;
    double warning = 0;
    double critical = 0;
  };

  void Collect(const std::vector<CompiledExpression>& expressions,
               std::optional<Literal> Metric::*bound);
  void CollectExtra(const Scope& scope);
  std::optional<Numbers> Read(const Metric& metric, const void* object,
                              Scratch& scratch) const;
  double BoundOf(const Metric& metric, const std::optional<Literal>& literal,
                 const Value& value, const void* object) const;
  std::optional<sdk::PerfValue> Make(const PerfRule& rule, const Keyword& keyword,
                                     const std::string& label, const Numbers& numbers,
                                     const void* object) const;

  static double ScaleBytes(const PerfRule& rule, const Numbers& numbers,
                           const void* object, sdk::PerfValue& made);

  PerfConfig config_;
  Environment environment_;  // without a log: the binder has said what was wrong
  Metrics of_objects_;
  Metrics of_summary_;
};

}  // namespace nscp::checks
