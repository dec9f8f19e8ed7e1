#include "workers/checks/perf_builder.h"

#include <algorithm>
#include <cmath>

#include "workers/checks/formats.h"

namespace nscp::checks {
namespace {

constexpr std::string_view kByteUnits = "BKMGTPE";

// The unit in which to print `numbers` so that the largest stays readable.
size_t AutoPower(double value, double warning, double critical, double minimum,
                 double maximum) {
  double largest = value;
  if (warning > 0) largest = std::max(largest, warning);
  if (critical > 0) largest = std::max(largest, critical);
  if (maximum > 0) largest = std::min(largest, maximum);
  if (minimum > 0) largest = std::min(largest, minimum);
  size_t power = 0;
  for (; largest > 999 && power + 1 < kByteUnits.size(); largest /= 1024) ++power;
  return power;
}

std::string UnitName(size_t power) {
  return power == 0 ? "B" : std::string(1, kByteUnits[power]) + "B";
}

using Configured = std::function<std::optional<std::string>(std::string_view key)>;

// The bounds that perf-config gives a plain number; the long names win.
void SetBounds(const Configured& configured, sdk::PerfValue& made) {
  auto set = [&](const char* key, std::optional<double>& bound) {
    const std::string text = configured(key).value_or("");
    const Value number = ToNumber(Value::Text(text));
    if (number.sure) bound = number.AsReal();
  };
  set("min", made.minimum);
  set("minimum", made.minimum);
  set("max", made.maximum);
  set("maximum", made.maximum);
}

PerfRule DefaultRule(const Keyword& keyword) {
  PerfRule rule;
  rule.suffix = "_" + keyword.name;
  return rule;
}

}  // namespace

PerfBuilder::PerfBuilder(const std::vector<CompiledExpression>& warning,
                         const std::vector<CompiledExpression>& critical,
                         PerfConfig config, const Scope& scope)
    : config_(std::move(config)) {
  environment_.now = scope.environment.now;
  Collect(warning, &Metric::warning);
  Collect(critical, &Metric::critical);
  CollectExtra(scope);
}

void PerfBuilder::Collect(const std::vector<CompiledExpression>& expressions,
                          std::optional<Literal> Metric::*bound) {
  for (const CompiledExpression& expression : expressions) {
    for (const Compared& compared : expression.compared) {
      const Keyword& keyword = *compared.keyword;
      if (keyword.type == Type::kText || keyword.no_perf) continue;
      Metrics& metrics = compared.of_summary ? of_summary_ : of_objects_;
      Metric& metric = metrics[keyword.name];
      metric.keyword = &keyword;
      if (!(metric.*bound)) metric.*bound = compared.literal;
    }
  }
}

void PerfBuilder::CollectExtra(const Scope& scope) {
  for (const std::string& name : config_.extra()) {
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

double PerfBuilder::BoundOf(const Metric& metric, const std::optional<Literal>& literal,
                            const Value& value, const void* object) const {
  if (!literal) return 0;
  const auto bound = ConvertLiteral(*metric.keyword, *literal, environment_, object);
  if (!bound.ok()) return 0;
  const bool cut =
      value.kind == Value::Kind::kInteger && metric.keyword->type != Type::kCustom;
  return cut ? std::trunc(bound->AsReal()) : bound->AsReal();
}

std::optional<PerfBuilder::Numbers> PerfBuilder::Read(const Metric& metric,
                                                      const void* object,
                                                      Scratch& scratch) const {
  const Value value = metric.keyword->get(object, scratch);
  if (!value.IsNumber()) return std::nullopt;
  return Numbers{value.AsReal(), BoundOf(metric, metric.warning, value, object),
                 BoundOf(metric, metric.critical, value, object)};
}

void PerfBuilder::AppendObject(const void* object, const std::string& label,
                               Scratch& scratch, std::vector<sdk::PerfValue>& out) const {
  for (const auto& [name, metric] : of_objects_) {
    const auto numbers = Read(metric, object, scratch);
    if (!numbers) continue;
    const Keyword& keyword = *metric.keyword;
    auto append = [&](const PerfRule& rule) {
      auto made = Make(rule, keyword, label, *numbers, object);
      if (made) out.push_back(*std::move(made));
    };
    if (keyword.perf.empty()) append(DefaultRule(keyword));
    for (const PerfRule& rule : keyword.perf) append(rule);
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

std::optional<sdk::PerfValue> PerfBuilder::Make(const PerfRule& rule,
                                                const Keyword& keyword,
                                                const std::string& label,
                                                const Numbers& numbers,
                                                const void* object) const {
  const Configured configured = [&](std::string_view key) {
    return config_.Find(key, rule.prefix, keyword.name, rule.suffix);
  };
  auto text = [&](std::string_view key, const std::string& declared) {
    const auto found = configured(key);
    if (!found) return declared;
    return *found == "none" ? std::string() : *found;
  };
  if (configured("ignored").value_or("") == "true") return std::nullopt;
  sdk::PerfValue made;
  made.label = text("prefix", rule.prefix) + label + text("suffix", rule.suffix);
  made.unit = configured("unit").value_or(rule.unit);
  double factor = 1;
  const bool whole = rule.kind == PerfRule::Kind::kPercentage;
  if (rule.kind == PerfRule::Kind::kBytes) {
    factor = ScaleBytes(rule, numbers, object, made);
  } else if (whole) {
    const double total = rule.maximum(object);
    if (!(total > 0)) return std::nullopt;
    factor = 100 / total;
    made.minimum = 0;
    made.maximum = 100;
  } else {
    SetBounds(configured, made);
  }
  auto scaled = [&](double number) {
    return whole ? std::round(number * factor) : number * factor;
  };
  made.value = scaled(numbers.value);
  made.warning = sdk::Bound{scaled(numbers.warning), ""};
  made.critical = sdk::Bound{scaled(numbers.critical), ""};
  return made;
}

// Chooses the unit of `made`, sets its bounds, gives what to multiply by.
double PerfBuilder::ScaleBytes(const PerfRule& rule, const Numbers& numbers,
                               const void* object, sdk::PerfValue& made) {
  const double minimum = rule.minimum ? rule.minimum(object) : 0;
  const double maximum = rule.maximum ? rule.maximum(object) : 0;
  const size_t power =
      AutoPower(numbers.value, numbers.warning, numbers.critical, minimum, maximum);
  const auto forced = made.unit.empty() ? std::nullopt : BytesOf(made.unit[0]);
  const double factor =
      1 / forced.value_or(std::ldexp(1.0, static_cast<int>(10 * power)));
  if (made.unit.empty()) made.unit = UnitName(power);
  if (rule.minimum) made.minimum = minimum * factor;
  if (rule.maximum) made.maximum = maximum * factor;
  return factor;
}

}  // namespace nscp::checks
