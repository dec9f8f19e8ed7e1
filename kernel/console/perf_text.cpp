#include "kernel/console/perf_text.h"

#include <charconv>
#include <cmath>

namespace nscp::kernel {
namespace {

constexpr size_t kDecimals = 5;
// More than are kept, so that rounding the last one never reaches those.
constexpr int kExactDecimals = 25;
// The largest double has 309 digits before the point.
constexpr size_t kLongestNumber = 400;

// At most five decimals, cut and not rounded, without zeros at the end.
std::string NumberText(double number) {
  if (!std::isfinite(number)) return "U";
  char digits[kLongestNumber];
  const auto [end, error] = std::to_chars(digits, digits + kLongestNumber, number,
                                          std::chars_format::fixed, kExactDecimals);
  if (error != std::errc()) return "U";
  std::string text(digits, end);
  text.resize(text.find('.') + 1 + kDecimals);
  text.resize(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string FieldText(bool there, double value) {
  return there && std::isfinite(value) ? NumberText(value) : "";
}

std::string BoundText(bool there, const v1::Bound& bound) {
  return bound.range().empty() ? FieldText(there, bound.value()) : bound.range();
}

std::string ItemText(const v1::Perf& perf) {
  std::string text = "'" + perf.label() + "'=";
  if (!perf.has_number()) return text + perf.text();
  const v1::Number& number = perf.number();
  text += NumberText(number.value());
  if (std::isfinite(number.value())) text += number.unit();
  const std::string fields[] = {BoundText(number.has_warning(), number.warning()),
                                BoundText(number.has_critical(), number.critical()),
                                FieldText(number.has_minimum(), number.minimum()),
                                FieldText(number.has_maximum(), number.maximum())};
  std::string separators;
  for (const std::string& field : fields) {
    separators += ';';
    if (field.empty()) continue;
    text += separators + field;
    separators.clear();
  }
  return text;
}

}  // namespace

std::string PerfText(const v1::Line& line) {
  std::string text;
  for (const v1::Perf& perf : line.perf()) {
    text += (text.empty() ? "" : " ") + ItemText(perf);
  }
  return text;
}

std::string ResultText(const v1::CheckResult& result) {
  std::string text;
  std::string perf;
  for (const v1::Line& line : result.lines()) {
    text += line.message();
    const std::string own = PerfText(line);
    if (!own.empty()) perf += (perf.empty() ? "" : " ") + own;
  }
  return perf.empty() ? text : text + "|" + perf;
}

std::string_view StateWord(v1::ResultCode code) {
  switch (code) {
    case v1::OK:
      return "OK";
    case v1::WARNING:
      return "WARNING";
    case v1::CRITICAL:
      return "CRITICAL";
    default:
      return "UNKNOWN";
  }
}

}  // namespace nscp::kernel
