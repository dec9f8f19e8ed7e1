#include "workers/check_helpers/perf_checks.h"

#include <algorithm>

#include "proto/cpp/text.h"

namespace nscp::check_helpers {
namespace {

using checks::Arguments;
using checks::OptionTable;
using sdk::CheckResult;
using sdk::PerfValue;

OptionTable WrapperOptions() {
  OptionTable options;
  options.Text("command", "", "The name of the command to run");
  options.List("arguments", {},
               "Its arguments; behind the bare word everything belongs to the command");
  options.Positional("arguments");
  return options;
}

// Sorts by value, items that are no number last. False for an unknown order.
bool Sort(const std::string& order, std::vector<PerfValue>& items) {
  const bool ascending = order == "reverse" || order == "reversed";
  if (order == "none") return true;
  if (order != "normal" && !ascending) return false;
  std::stable_sort(items.begin(), items.end(),
                   [ascending](const PerfValue& a, const PerfValue& b) {
                     if (a.text || b.text) return !a.text && b.text;
                     return ascending ? a.value < b.value : a.value > b.value;
                   });
  return true;
}

CheckResult FilterPerf(const Arguments& arguments, sdk::Call& call) {
  if (!arguments.Given("command")) return CheckResult::Unknown("Missing command");
  const CheckResult original = call.Run(WrappedQuery(arguments));
  std::vector<std::string> messages;
  std::vector<PerfValue> items;
  for (const sdk::Line& line : original.lines) {
    messages.push_back(line.message);
    items.insert(items.end(), line.perf.begin(), line.perf.end());
  }
  const std::string& order = arguments.Text("sort");
  if (!Sort(order, items)) {
    return CheckResult::Unknown("Invalid sort order: '" + order +
                                "' (expected one of none|normal|reverse)");
  }
  const int64_t limit = arguments.Integer("limit");
  if (limit > 0 && static_cast<uint64_t>(limit) < items.size()) {
    items.resize(static_cast<size_t>(limit));
  }
  CheckResult result = CheckResult::Of(original.state, Join(messages, "\n"));
  result.lines[0].perf = std::move(items);
  return result;
}

// The number that `field` names, or nothing where the item has none.
std::optional<double> FieldOf(const PerfValue& item, const std::string& field) {
  auto bound = [](const std::optional<sdk::Bound>& b) {
    return b ? std::optional<double>(b->value) : std::nullopt;
  };
  if (field == "value") return item.value;
  if (field == "warn") return bound(item.warning);
  if (field == "crit") return bound(item.critical);
  return field == "min" ? item.minimum : item.maximum;
}

CheckResult WithError(CheckResult result, std::string error) {
  result.state = sdk::State::kUnknown;
  result.lines.push_back({std::move(error), {}});
  return result;
}

CheckResult Extract(CheckResult result, const Arguments& arguments) {
  const std::string& replace = arguments.Text("replace");
  const size_t equals = replace.find('=');
  if (equals == std::string::npos || equals == 0) {
    return WithError(std::move(result), "Invalid syntax replace string");
  }
  const std::string old_text = replace.substr(0, equals);
  const std::string new_text = replace.substr(equals + 1);
  for (sdk::Line& line : result.lines) {
    std::vector<PerfValue> extracted;
    for (const PerfValue& item : line.perf) {
      if (item.text) continue;
      PerfValue made;
      made.label = ReplaceAll(item.label, old_text, new_text);
      made.value = FieldOf(item, arguments.Text("field")).value_or(0);
      made.unit = item.unit;
      extracted.push_back(std::move(made));
    }
    line.perf.insert(line.perf.end(), extracted.begin(), extracted.end());
  }
  return result;
}

CheckResult XformPerf(const Arguments& arguments, sdk::Call& call) {
  if (!arguments.Given("command")) return CheckResult::Unknown("Missing command");
  CheckResult result = call.Run(WrappedQuery(arguments));
  const std::string& mode = arguments.Text("mode");
  if (mode == "extract") return Extract(std::move(result), arguments);
  if (mode != "minmax") return WithError(std::move(result), "Invalid mode specified");
  for (sdk::Line& line : result.lines) {
    for (PerfValue& item : line.perf) {
      if (item.text || item.unit != "%") continue;
      item.minimum = 0;
      item.maximum = 100;
    }
  }
  return result;
}

}  // namespace

Handler MakeFilterPerf() {
  OptionTable options = WrapperOptions();
  options.Text("sort", "none",
               "Order of the performance data: none, normal (largest first) or reverse");
  options.Integer("limit", 0, "Keep at most this many items; 0 keeps all");
  return WithOptions(std::move(options), FilterPerf);
}

Handler MakeXformPerf() {
  OptionTable options = WrapperOptions();
  options.Text("mode", "",
               "extract: append a metric made of a bound; minmax: bound percentages by 0 "
               "and 100");
  options.Text("field", "max", "What to extract: value, warn, crit, max or min");
  options.Text("replace", "",
               "How to rename what is extracted: old text, an equals sign, new text");
  return WithOptions(std::move(options), XformPerf);
}

}  // namespace nscp::check_helpers
