// Makes the performance data of a check: which keywords (those that thresholds compare
// with a literal, and those asked for), with which bounds, in which form
// (filter-engine.md 7.1 to 7.3). Made for one run of a check: what does not depend on the
// object is worked out once.
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
              const std::vector<CompiledExpression>& critical, const PerfConfig& config,
              const Scope& scope);

  // `label` is the rendered perf-syntax of the object. Values are appended to `out`.
  void AppendObject(const void* object, const std::string& label, Scratch& scratch,
                    std::vector<sdk::PerfValue>& out) const;
  void AppendSummary(const void* summary, Scratch& scratch,
                     std::vector<sdk::PerfValue>& out) const;

 private:
  // One performance value of a metric: a rule of its keyword, perf-config applied.
  struct Output {
    PerfRule::Kind kind = PerfRule::Kind::kPlain;
    std::string prefix;
    std::string suffix;
    std::string unit;
    PerfRule::Number of_minimum;
    PerfRule::Number of_maximum;
    std::optional<double> minimum;  // kPlain
    std::optional<double> maximum;  // kPlain
  };
  struct Threshold {
    std::optional<Literal> literal;
    double fixed = 0;  // the literal's value, unless the keyword has its own converter
  };
  struct Metric {
    const Keyword* keyword = nullptr;
    Threshold warning;
    Threshold critical;
    std::vector<Output> outputs;
  };
  using Metrics = std::map<std::string, Metric>;
  struct Numbers {
    double value = 0;
    double warning = 0;
    double critical = 0;
  };

  void Collect(const std::vector<CompiledExpression>& expressions,
               Threshold Metric::*threshold, const Environment& environment);
  void CollectExtra(const PerfConfig& config, const Scope& scope);
  static void AddOutput(const PerfConfig& config, const PerfRule& rule, Metric& metric);
  static std::optional<Numbers> Read(const Metric& metric, const void* object,
                                     Scratch& scratch);
  static std::optional<sdk::PerfValue> Make(const Output& output,
                                            const std::string& label,
                                            const Numbers& numbers, const void* object);
  static double ScaleBytes(const Output& output, const Numbers& numbers,
                           const void* object, sdk::PerfValue& made);

  Metrics of_objects_;
  Metrics of_summary_;
};

}  // namespace nscp::checks
