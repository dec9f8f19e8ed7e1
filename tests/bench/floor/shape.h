// The sizes that a floor imitates, so that it moves as many bytes as the subject it
// stands under. They travel in the path, and in the arguments of the RPC. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nscp::bench {

constexpr unsigned kMaxShape = 1024 * 1024;

struct Shape {
  unsigned body = 0;     // bytes of the HTTP answer
  unsigned message = 0;  // bytes of text in the RPC's result
  unsigned perf = 0;     // items of performance data in it
};

// "/BODY/MESSAGE/PERF", each a number up to kMaxShape.
std::optional<Shape> ParseShape(std::string_view path);
// One such number.
std::optional<unsigned> ParseSize(std::string_view text);

}  // namespace nscp::bench
