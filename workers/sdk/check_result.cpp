#include "workers/sdk/check_result.h"

#include <charconv>
#include <cmath>

#include "proto/cpp/text.h"

namespace nscp::sdk {
namespace {

constexpr int kDecimals = 5;
// Digits asked for before cutting, enough that rounding the last one never carries into
// the decimals kept (a double near 1e-5 is exact to about 1e-21).
constexpr int kExactDecimals = 25;
// The largest double has 309 digits before the point.
constexpr size_t kLongestNumber = 400;

std::string FormatBound(const Bound& bound) {
  if (!bound.range.empty()) return bound.range;
  return std::isfinite(bound.value) ? FormatNumber(bound.value) : "";
}

std::string FormatOptional(const std::optional<Bound>& bound) {
  return bound ? FormatBound(*bound) : "";
}

std::string FormatOptional(const std::optional<double>& number) {
  return number && std::isfinite(*number) ? FormatNumber(*number) : "";
}

}  // namespace

std::string_view StateName(State state) {
  switch (state) {
    case State::kOk:
      return "OK";
    case State::kWarning:
      return "WARNING";
    case State::kCritical:
      return "CRITICAL";
    case State::kUnknown:
      break;
  }
  return "UNKNOWN";
}

State ParseState(std::string_view word) {
  const std::string lower = ToLowerAscii(word);
  if (lower == "o" || lower == "ok" || lower == "0") return State::kOk;
  for (const char* known : {"w", "warn", "warning", "1"}) {
    if (lower == known) return State::kWarning;
  }
  for (const char* known : {"c", "crit", "critical", "2"}) {
    if (lower == known) return State::kCritical;
  }
  return State::kUnknown;
}

CheckResult CheckResult::Of(State state, std::string message) {
  CheckResult result;
  result.state = state;
  result.lines.push_back({std::move(message), {}});
  return result;
}

std::string FormatNumber(double number) {
  if (!std::isfinite(number)) return "U";
  char digits[kLongestNumber];
  const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), number,
                                          std::chars_format::fixed, kExactDecimals);
  if (error != std::errc()) return "U";
  std::string_view text(digits, static_cast<size_t>(end - digits));
  text = text.substr(0, text.find('.') + 1 + kDecimals);
  text = text.substr(0, text.find_last_not_of('0') + 1);
  if (EndsWith(text, ".")) text.remove_suffix(1);
  return std::string(text == "-0" ? "0" : text);
}

std::string FormatPerf(const PerfValue& value) {
  std::string item = "'" + value.label + "'=";
  if (value.text) return item + *value.text;
  item += FormatNumber(value.value);
  if (std::isfinite(value.value)) item += value.unit;
  const std::string fields[] = {
      FormatOptional(value.warning), FormatOptional(value.critical),
      FormatOptional(value.minimum), FormatOptional(value.maximum)};
  std::string pending;  // separators of absent fields, written when a later one is there
  for (const std::string& field : fields) {
    pending += ';';
    if (field.empty()) continue;
    item += pending + field;
    pending.clear();
  }
  return item;
}

std::string FormatPerf(const std::vector<PerfValue>& values) {
  std::string joined;
  for (const PerfValue& value : values) {
    if (!joined.empty()) joined += ' ';
    joined += FormatPerf(value);
  }
  return joined;
}

std::string FormatPlain(const CheckResult& result) {
  std::string text;
  std::string perf;
  for (const Line& line : result.lines) {
    text += line.message;
    if (line.perf.empty()) continue;
    if (!perf.empty()) perf += ' ';
    perf += FormatPerf(line.perf);
  }
  if (!perf.empty()) text += '|' + perf;
  return text;
}

}  // namespace nscp::sdk
