// Literals of keywords that are a part of something whose size is known, such as the used
// space of a drive: percent of the whole (also without a unit) or bytes. Decimals are
// kept. Any thread.
#pragma once

#include <optional>

#include "workers/checks/expression.h"
#include "workers/checks/formats.h"
#include "workers/checks/value.h"

namespace nscp::checks {

// `whole` in bytes; without one there is an unsure 0 for what is in percent.
inline Result<Value> PartOfWhole(const Literal& literal,
                                 const std::optional<double>& whole) {
  const bool percent = literal.unit == 0 || literal.unit == '%';
  const auto unit = percent ? std::optional<double>(1) : BytesOf(literal.unit);
  if (literal.kind == Literal::Kind::kText || !unit) {
    return Status::InvalidArgument("Cannot compare a size to " + Describe(literal) +
                                   ": write a size such as 10G (b k m g t) or 80%");
  }
  if (!percent) return Value::Real(literal.real * *unit);
  if (!whole) return Value::Real(0, false);
  return Value::Real(*whole * literal.real / 100);
}

}  // namespace nscp::checks
