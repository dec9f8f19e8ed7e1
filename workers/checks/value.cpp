#include "workers/checks/value.h"

#include <charconv>

#include "proto/cpp/text.h"
#include "workers/checks/formats.h"

namespace nscp::checks {

void AppendText(const Value& value, std::string& out) {
  if (value.kind == Value::Kind::kInteger) {
    char digits[24];
    const auto [end, error] =
        std::to_chars(digits, digits + sizeof(digits), value.integer);
    out.append(digits, error == std::errc() ? end : digits);
  } else if (value.kind == Value::Kind::kReal) {
    out += FormatGeneral(value.real);
  } else {
    out += value.text;
  }
}

std::string ToText(const Value& value) {
  std::string text;
  AppendText(value, text);
  return text;
}

Value ToNumber(const Value& value) {
  if (value.kind != Value::Kind::kText) return value;
  const std::string_view digits = Trim(value.text);
  const char* end = digits.data() + digits.size();
  int64_t integer = 0;
  if (const auto [rest, error] = std::from_chars(digits.data(), end, integer);
      error == std::errc() && rest == end) {
    return Value::Integer(integer, value.sure);
  }
  double real = 0;
  if (const auto [rest, error] = std::from_chars(digits.data(), end, real);
      error == std::errc() && rest == end) {
    return Value::Real(real, value.sure);
  }
  return Value::Integer(0, false);
}

}  // namespace nscp::checks
