// Literals take the type of what they are compared with.
#include "workers/checks/binder.h"
#include "workers/checks/formats.h"

namespace nscp::checks {
namespace {

Value NumberOfLiteral(const Literal& literal) {
  switch (literal.kind) {
    case Literal::Kind::kInteger:
      return Value::Integer(literal.integer);
    case Literal::Kind::kReal:
      return Value::Real(literal.real);
    case Literal::Kind::kText:
      break;
  }
  return ToNumber(Value::Text(literal.text));
}

Result<Value> ConvertPlain(const Literal& literal) {
  if (literal.unit != 0) {
    return Status::InvalidArgument("the keyword has no units");
  }
  return NumberOfLiteral(literal);
}

Result<Value> ConvertPercent(const Literal& literal, const Environment& environment) {
  if (literal.unit != 0 && literal.unit != '%') {
    environment.Write(sdk::LogLevel::kError,
                      std::string("Invalid unit: ") + literal.unit);
  }
  return NumberOfLiteral(literal);
}

Result<Value> ConvertDate(const Literal& literal, int64_t now) {
  const auto unit = SecondsOf(literal.unit);
  if (literal.kind == Literal::Kind::kText || !unit) {
    return Status::InvalidArgument("write a time from now such as -1h (s m h d w)");
  }
  const double seconds =
      static_cast<double>(now) + literal.real * static_cast<double>(*unit);
  return Value::Integer(RoundToInteger(seconds));
}

Result<Value> ConvertDuration(const Literal& literal) {
  const auto unit =
      literal.unit == 0 ? std::optional<int64_t>(1) : SecondsOf(literal.unit);
  if (literal.kind == Literal::Kind::kText || !unit) {
    return Status::InvalidArgument("write a time such as 30m (s m h d w)");
  }
  return Value::Integer(RoundToInteger(literal.real * static_cast<double>(*unit)));
}

Result<Value> ConvertSize(const Literal& literal) {
  const auto unit = literal.unit == 0 ? std::optional<double>(1) : BytesOf(literal.unit);
  if (literal.kind == Literal::Kind::kText || !unit) {
    return Status::InvalidArgument("write a size such as 10M (b k m g t)");
  }
  const double whole = static_cast<double>(TruncateToInteger(literal.real));
  return Value::Integer(TruncateToInteger(whole * *unit));
}

}  // namespace

Type TypeOf(const Literal& literal) {
  switch (literal.kind) {
    case Literal::Kind::kInteger:
      return Type::kInteger;
    case Literal::Kind::kReal:
      return Type::kReal;
    case Literal::Kind::kText:
      break;
  }
  return Type::kText;
}

Result<Value> ConvertLiteral(Type type, const Literal& literal,
                             const Environment& environment) {
  switch (type) {
    case Type::kPercent:
      return ConvertPercent(literal, environment);
    case Type::kDate:
      return ConvertDate(literal, environment.now);
    case Type::kDuration:
      return ConvertDuration(literal);
    case Type::kSize:
      return ConvertSize(literal);
    default:
      return ConvertPlain(literal);
  }
}

Result<Value> ConvertLiteral(const Keyword& keyword, const Literal& literal,
                             const Environment& environment, const void* object) {
  if (keyword.type == Type::kCustom) return keyword.convert(literal, object);
  return ConvertLiteral(keyword.type, literal, environment);
}

}  // namespace nscp::checks
