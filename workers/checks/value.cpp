#include "workers/checks/value.h"

#include <charconv>

#include "proto/cpp/text.h"
#include "workers/checks/formats.h"

namespace nscp::checks {

std::string ToText(const Value& value) {
  switch (value.kind) {
    case Value::Kind::kInteger:
      return std::to_string(value.integer);
    case Value::Kind::kReal:
      return FormatGeneral(value.real);
    case Value::Kind::kText:
      return std::string(value.text);
    case Value::Kind::kNone:
      break;
  }
  return "";
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
