// Values taken out of a JSON document by their path, for keywords that a call names
// itself. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_net {

constexpr size_t kMaxJsonPaths = 100;

// "alias:dotted.path": members by name, items by number; a name in '...' may hold dots.
struct JsonPath {
  std::string alias;
  std::vector<std::string> steps;
};
Result<JsonPath> ParseJsonPath(const std::string& text);

struct JsonValue {
  std::optional<double> number;     // true is 1, false is 0
  std::optional<std::string> text;  // nothing where the path leads nowhere, or to null
};

// One for each path. InvalidArgument: no JSON; ResourceExhausted: more than 8 MiB.
Result<std::vector<JsonValue>> TakeJsonValues(std::string_view document,
                                              const std::vector<JsonPath>& paths);

}  // namespace nscp::check_net
