#include "workers/checks/perf_builder.h"

#include <algorithm>
#include <cmath>

#include "workers/checks/formats.h"

namespace nscp::checks {
namespace {

constexpr std::string_view kPerfByteUnits = "BKMGTPE";

// The unit in which to print `numbers` so that the largest stays readable.
size_t AutoPower(double value, double warning, double critical, double minimum,
                 double maximum) {
  double largest = value;
  if (warning > 0) largest = std::max(largest, warning);
  if (critical > 0) largest = std::max(largest, critical);
  if (maximum > 0) largest = std::min(largest, maximum);
  if (minimum > 0) largest = std::min(largest, minimum);
  size_t power = 0;
  for (; largest > 999 && power + 1 < kPerfByteUnits.size(); largest /= 1024) ++power;
  return power;
}

std::string UnitName(size_t power) {
  return power == 0 ? "B" : std::string(1, kPerfByteUnits[power]) + "B";
}

// A bound that perf-config gives: a number under the long or the short name.
std::optional<double> ConfiguredBound(const std::optional<std::string>& by_long_name,
                                      const std::optional<std::string>& by_short_name) {
  for (const auto* text : {&by_long_name, &by_short_name}) {
    const Value number = ToNumber(Value::Text(text->value_or("")));
    if (number.sure) return number.AsReal();
  }
  return std::nullopt;
}

// The bound of a threshold for one object.
double BoundOf(const Keyword& keyword, const std::optional<Literal>& literal,
               double fixed, const Value& value, const void* object) {
  if (!literal) return 0;
  if (keyword.type == Type::kCustom) {
    const auto bound = keyword.convert(*literal, object);
    return bound.ok() ? bound->AsReal() : 0;
  }
  return value.kind == Value::Kind::kInteger ? std::trunc(fixed) : fixed;
}

PerfRule DefaultRule(const Keyword& keyword) {
  PerfRule rule;
  rule.suffix = "_" + keyword.name;
  return rule;
}

}  // namespace

PerfBuilder::PerfBuilder(const std::vector<CompiledExpression>& warning,
                         const std::vector<CompiledExpression>& critical,
                         const PerfConfig& config, const Scope& scope) {
  Environment quiet;  // the binder has said what was wrong
  quiet.now = scope.environment.now;
  Collect(warning, &Metric::warning, quiet);
  Collect(critical, &Metric::critical, quiet);
  CollectExtra(config, scope);
  for (auto& [name, metric] : of_objects_) {
    const auto& rules = metric.keyword->perf;
    if (rules.empty()) AddOutput(config, DefaultRule(*metric.keyword), metric);
    for (const PerfRule& rule : rules) AddOutput(config, rule, metric);
  }
}

void PerfBuilder::Collect(const std::vector<CompiledExpression>& expressions,
                          Threshold Metric::*threshold, const Environment& environment) {
  for (const CompiledExpression& expression : expressions) {
    for (const Compared& compared : expression.compared) {
      const Keyword& keyword = *compared.keyword;
      if (keyword.type == Type::kText || keyword.no_perf) continue;
      Metrics& metrics = compared.of_summary ? of_summary_ : of_objects_;
      Metric& metric = metrics[keyword.name];
      metric.keyword = &keyword;
      Threshold& bound = metric.*threshold;
      if (bound.literal) continue;
      bound.literal = compared.literal;
      if (keyword.type == Type::kCustom) continue;
      const auto fixed = ConvertLiteral(keyword.type, compared.literal, environment);
      if (fixed.ok()) bound.fixed = fixed->AsReal();
    }
  }
}

void PerfBuilder::CollectExtra(const PerfConfig& config, const Scope& scope) {
  for (const std::string& name : config.extra()) {
    const Keyword* keyword = scope.objects.Find(name);
    Metrics& metrics = keyword != nullptr ? of_objects_ : of_summary_;
    if (keyword == nullptr) keyword = scope.summary.Find(name);
    if (keyword == nullptr || keyword->type == Type::kText || keyword->no_perf) continue;
    metrics[name].keyword = keyword;
    if (&metrics == &of_objects_ && scope.used != nullptr) {
      scope.used->insert(keyword->name);
    }
  }
}

void PerfBuilder::AddOutput(const PerfConfig& config, const PerfRule& rule,
                            Metric& metric) {
  auto configured = [&](std::string_view key) {
    return config.Find(key, rule.prefix, metric.keyword->name, rule.suffix);
  };
  auto text = [&](std::string_view key, const std::string& declared) {
    const auto found = configured(key);
    if (!found) return declared;
    return *found == "none" ? std::string() : *found;
  };
  if (configured("ignored").value_or("") == "true") return;
  Output output;
  output.kind = rule.kind;
  output.prefix = text("prefix", rule.prefix);
  output.suffix = text("suffix", rule.suffix);
  output.unit = configured("unit").value_or(rule.unit);
  output.of_minimum = rule.minimum;
  output.of_maximum = rule.maximum;
  if (rule.kind == PerfRule::Kind::kPlain) {
    output.minimum = ConfiguredBound(configured("minimum"), configured("min"));
    output.maximum = ConfiguredBound(configured("maximum"), configured("max"));
  }
  metric.outputs.push_back(std::move(output));
}

std::optional<PerfBuilder::Numbers> PerfBuilder::Read(const Metric& metric,
                                                      const void* object,
                                                      Scratch& scratch) {
  const Keyword& keyword = *metric.keyword;
  const Scratch::Mark mark = scratch.Here();
  const Value value = keyword.get(object, scratch);
  scratch.Rewind(mark);
  if (!value.IsNumber()) return std::nullopt;
  auto bound = [&](const Threshold& threshold) {
    return BoundOf(keyword, threshold.literal, threshold.fixed, value, object);
  };
  return Numbers{value.AsReal(), bound(metric.warning), bound(metric.critical)};
}

void PerfBuilder::AppendObject(const void* object, const std::string& label,
                               Scratch& scratch, std::vector<sdk::PerfValue>& out) const {
  for (const auto& [name, metric] : of_objects_) {
    const auto numbers = Read(metric, object, scratch);
    if (!numbers) continue;
    for (const Output& output : metric.outputs) {
      auto made = Make(output, label, *numbers, object);
      if (made) out.push_back(*std::move(made));
    }
  }
}

void PerfBuilder::AppendSummary(const void* summary, Scratch& scratch,
                                std::vector<sdk::PerfValue>& out) const {
  for (const auto& [name, metric] : of_summary_) {
    const auto numbers = Read(metric, summary, scratch);
    if (!numbers) continue;
    sdk::PerfValue value;
    value.label = name;
    value.value = numbers->value;
    value.warning = sdk::Bound{numbers->warning, ""};
    value.critical = sdk::Bound{numbers->critical, ""};
    out.push_back(std::move(value));
  }
}

std::optional<sdk::PerfValue> PerfBuilder::Make(const Output& output,
                                                const std::string& label,
                                                const Numbers& numbers,
                                                const void* object) {
  sdk::PerfValue made;
  made.unit = output.unit;
  double factor = 1;
  double total = 0;
  switch (output.kind) {
    case PerfRule::Kind::kBytes:
      factor = ScaleBytes(output, numbers, object, made);
      break;
    case PerfRule::Kind::kPercentage:
      total = output.of_maximum(object);
      if (!(total > 0)) return std::nullopt;
      made.minimum = 0;
      made.maximum = 100;
      break;
    case PerfRule::Kind::kPlain:
      made.minimum = output.minimum;
      made.maximum = output.maximum;
      break;
  }
  auto scaled = [&](double number) {
    return total > 0 ? std::round(100 * number / total) : number * factor;
  };
  made.label.reserve(output.prefix.size() + label.size() + output.suffix.size());
  made.label.append(output.prefix).append(label).append(output.suffix);
  made.value = scaled(numbers.value);
  made.warning = sdk::Bound{scaled(numbers.warning), ""};
  made.critical = sdk::Bound{scaled(numbers.critical), ""};
  return made;
}

// Chooses the unit of `made`, sets its bounds, gives what to multiply by.
double PerfBuilder::ScaleBytes(const Output& output, const Numbers& numbers,
                               const void* object, sdk::PerfValue& made) {
  const double minimum = output.of_minimum ? output.of_minimum(object) : 0;
  const double maximum = output.of_maximum ? output.of_maximum(object) : 0;
  const size_t power =
      AutoPower(numbers.value, numbers.warning, numbers.critical, minimum, maximum);
  const auto forced = made.unit.empty() ? std::nullopt : BytesOf(made.unit[0]);
  const double factor =
      1 / forced.value_or(std::ldexp(1.0, static_cast<int>(10 * power)));
  if (made.unit.empty()) made.unit = UnitName(power);
  if (output.of_minimum) made.minimum = minimum * factor;
  if (output.of_maximum) made.maximum = maximum * factor;
  return factor;
}

}  // namespace nscp::checks
