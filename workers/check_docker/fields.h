// Fields of an engine's answers, which may be missing or of another kind: then they are
// empty. Pure; any thread.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "json/value.h"

namespace nscp::check_docker {

inline json::Value FieldOf(const json::Value& object, std::string_view name) {
  return object.Find(name).value_or(json::Value());
}

inline std::string TextOf(const json::Value& object, std::string_view name) {
  return FieldOf(object, name).AsString();
}

constexpr int64_t kLargestCount = int64_t{1} << 60;

// Never negative: the engine says -1 for what it did not compute. At most kLargestCount.
inline int64_t CountOf(const json::Value& object, std::string_view name) {
  const int64_t number = FieldOf(object, name).AsInt().value_or(0);
  return std::clamp<int64_t>(number, 0, kLargestCount);
}

// Of two counts, again at most kLargestCount.
inline int64_t Sum(int64_t one, int64_t other) {
  return std::min(one + other, kLargestCount);
}

inline double NumberOf(const json::Value& object, std::string_view name) {
  const double number = FieldOf(object, name).AsDouble();
  return std::isfinite(number) ? number : 0;
}

}  // namespace nscp::check_docker
