#include "workers/check_net/json_values.h"

#include <charconv>

#include "json/value.h"

namespace nscp::check_net {
namespace {

constexpr json::Limits kJsonLimits{8 * 1024 * 1024, 64};

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// As a keyword of an expression is written.
bool IsAlias(std::string_view text) {
  if (text.empty() || !IsLetter(text[0])) return false;
  for (const char c : text) {
    if (!IsLetter(c) && !(c >= '0' && c <= '9') && c != '_') return false;
  }
  return true;
}

std::vector<std::string> StepsOf(std::string_view path) {
  std::vector<std::string> steps(1);
  bool is_quoted = false;
  for (const char c : path) {
    if (c == '\'') {
      is_quoted = !is_quoted;
    } else if (c == '.' && !is_quoted) {
      steps.emplace_back();
    } else {
      steps.back() += c;
    }
  }
  return steps;
}

std::optional<json::Value> Step(const json::Value& from, const std::string& step) {
  if (from.IsObject()) return from.Find(step);
  if (!from.IsArray()) return std::nullopt;
  size_t index = 0;
  const char* const end = step.data() + step.size();
  const auto read = std::from_chars(step.data(), end, index);
  if (read.ec != std::errc() || read.ptr != end || index >= from.size()) {
    return std::nullopt;
  }
  return from.Items()[index];
}

JsonValue ValueAt(json::Value value, const JsonPath& path) {
  for (const std::string& step : path.steps) {
    auto next = Step(value, step);
    if (!next) return {};
    value = std::move(*next);
  }
  switch (value.kind()) {
    case json::Value::Kind::kNull:
      return {};
    case json::Value::Kind::kBool:
      return {value.AsBool() ? 1.0 : 0.0, value.AsBool() ? "true" : "false"};
    case json::Value::Kind::kNumber:
      return {value.AsDouble(), value.NumberText()};
    case json::Value::Kind::kString:
      return {std::nullopt, value.AsString()};
    case json::Value::Kind::kArray:
    case json::Value::Kind::kObject:
      break;
  }
  // How many it holds is what a threshold may want to know of a list.
  return {static_cast<double>(value.size()), std::to_string(value.size())};
}

}  // namespace

Result<JsonPath> ParseJsonPath(const std::string& text) {
  const size_t colon = text.find(':');
  const std::string alias = text.substr(0, colon);
  if (colon == std::string::npos || colon + 1 == text.size() || !IsAlias(alias)) {
    return Status::InvalidArgument(
        "Invalid json-path: '" + text +
        "' (expected name:dotted.path, the name of letters, digits and _)");
  }
  return JsonPath{alias, StepsOf(std::string_view(text).substr(colon + 1))};
}

Result<std::vector<JsonValue>> TakeJsonValues(std::string_view document,
                                              const std::vector<JsonPath>& paths) {
  ASSIGN_OR_RETURN(const json::Value root, json::Parse(document, kJsonLimits));
  std::vector<JsonValue> values;
  for (const JsonPath& path : paths) values.push_back(ValueAt(root, path));
  return values;
}

}  // namespace nscp::check_net
