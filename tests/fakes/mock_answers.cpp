#include "tests/fakes/mock_answers.h"

#include <limits>

namespace fakes {

using nscp::sdk::Bound;
using nscp::sdk::CheckResult;
using nscp::sdk::PerfValue;
using nscp::sdk::State;

namespace {

PerfValue Number(const std::string& label, double value, const std::string& unit = "") {
  PerfValue perf;
  perf.label = label;
  perf.value = value;
  perf.unit = unit;
  return perf;
}

PerfValue Text(const std::string& label, const std::string& value) {
  PerfValue perf;
  perf.label = label;
  perf.text = value;
  return perf;
}

PerfValue Bounded(PerfValue perf, Bound warning, Bound critical) {
  perf.warning = std::move(warning);
  perf.critical = std::move(critical);
  return perf;
}

}  // namespace

CheckResult MockQuery(const nscp::sdk::Query& query) {
  std::string text;
  for (const std::string& argument : query.arguments) {
    text += (text.empty() ? "" : ",") + argument;
  }
  CheckResult result = CheckResult::Of(State::kOk, query.command + "::" + text);
  PerfValue first = Bounded(Number("a label", 30, "Z"), {20, ""}, {30, ""});
  first.minimum = 10;
  first.maximum = 50;
  result.lines[0].perf = {first,
                          Bounded(Number("another label", 33, "Z"), {20, ""}, {30, ""})};
  return result;
}

CheckResult EveryKindOfPerf() {
  CheckResult result = CheckResult::Of(State::kOk, "all kinds");
  PerfValue only_maximum = Number("only maximum", 1);
  only_maximum.maximum = 2;
  result.lines[0].perf = {Number("plain", 1),
                          Number("long", 1.23456789),
                          Number("large", 123456789012.0, "B"),
                          Number("negative", -0.5, "s"),
                          Bounded(Number("ranges", 5, "%"), {4, "4:5"}, {0, "@0:90"}),
                          Bounded(Number("zero", 0), {0, ""}, {0, ""}),
                          only_maximum,
                          Text("words", "many"),
                          Number("lost", std::numeric_limits<double>::quiet_NaN()),
                          Number("it's", 1),
                          Number("twice", 1),
                          Number("twice", 2)};
  return result;
}

CheckResult ThreeLines() {
  CheckResult result = CheckResult::Of(State::kWarning, "first");
  result.lines[0].perf = {Number("one", 1)};
  result.lines.push_back({"second", {}});
  result.lines.push_back({"third", {Number("three", 3, "s")}});
  return result;
}

CheckResult NumberedArguments(const nscp::sdk::Query& query) {
  std::string text;
  for (const std::string& argument : query.arguments) text += "<" + argument + ">";
  return CheckResult::Of(State::kOk, text);
}

}  // namespace fakes
