#include "tests/bench/floor/shape.h"

#include <charconv>

namespace nscp::bench {

std::optional<unsigned> ParseSize(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > kMaxShape) {
    return std::nullopt;
  }
  return value;
}

std::optional<Shape> ParseShape(std::string_view path) {
  Shape shape;
  for (unsigned* part : {&shape.body, &shape.message, &shape.perf}) {
    if (path.empty() || path.front() != '/') return std::nullopt;
    path.remove_prefix(1);
    const std::string_view text = path.substr(0, path.find('/'));
    const auto value = ParseSize(text);
    if (!value) return std::nullopt;
    *part = *value;
    path.remove_prefix(text.size());
  }
  if (!path.empty()) return std::nullopt;
  return shape;
}

}  // namespace nscp::bench
