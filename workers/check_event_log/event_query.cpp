#include "workers/check_event_log/event_query.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "proto/cpp/text.h"
#include "workers/check_event_log/levels.h"
#include "workers/checks/expression.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_event_log {
namespace {

using checks::Literal;
using checks::Node;

// No set: nothing simple is said.
using Numbers = std::optional<std::set<int64_t>>;

std::optional<int64_t> WantedLevel(const Literal& literal) {
  std::optional<int64_t> level;
  if (literal.kind == Literal::Kind::kText) level = LevelOfWord(literal.text);
  if (literal.kind == Literal::Kind::kInteger && literal.unit == 0) {
    level = literal.integer;
  }
  // Others are made up of level and keywords.
  if (!level || *level < kCritical || *level > kVerbose) return std::nullopt;
  return level;
}

std::optional<int64_t> WantedId(const Literal& literal) {
  if (literal.kind != Literal::Kind::kInteger || literal.unit != 0) return std::nullopt;
  if (literal.integer < 0 || literal.integer > UINT16_MAX) return std::nullopt;
  return literal.integer;
}

using NumberOf = std::optional<int64_t> (*)(const Literal&);

// "<name> = <literal>" or "<name> in (<literals>)".
Numbers OfCondition(const Node& node, const std::vector<std::string_view>& names,
                    NumberOf number_of) {
  const bool is_one =
      node.kind == Node::Kind::kCompare && node.op == checks::Operator::kEqual;
  const bool is_list = node.kind == Node::Kind::kIn && !node.negated;
  if ((!is_one && !is_list) || node.children.size() < 2) return std::nullopt;
  const Node& left = *node.children[0];
  if (left.kind != Node::Kind::kName ||
      std::find(names.begin(), names.end(), left.name) == names.end()) {
    return std::nullopt;
  }
  std::set<int64_t> numbers;
  for (size_t i = 1; i < node.children.size(); ++i) {
    if (node.children[i]->kind != Node::Kind::kLiteral) return std::nullopt;
    const auto number = number_of(node.children[i]->literal);
    if (!number) return std::nullopt;
    numbers.insert(*number);
  }
  return numbers;
}

Numbers OfExpression(const Node& node, const std::vector<std::string_view>& names,
                     NumberOf number_of) {
  if (node.kind != Node::Kind::kAnd) return OfCondition(node, names, number_of);
  for (const auto& child : node.children) {
    if (Numbers numbers = OfExpression(*child, names, number_of)) return numbers;
  }
  return std::nullopt;
}

void AddNumbers(const Numbers& numbers, std::set<int64_t>& all, bool& is_simple) {
  if (!numbers) {
    is_simple = false;
    return;
  }
  all.insert(numbers->begin(), numbers->end());
}

std::string UtcTime(int64_t seconds) {
  const auto zone = checks::TimeZone::Parse("utc");
  const auto time = zone.ok() ? zone->At(seconds) : std::nullopt;
  if (!time) return "";
  char text[40];
  snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.000Z",
           static_cast<int>(time->year), time->month, time->day, time->hour, time->minute,
           time->second);
  return text;
}

void AddTime(const char* comparison, const std::optional<int64_t>& seconds,
             std::vector<std::string>& parts) {
  const std::string time = seconds ? UtcTime(*seconds) : "";
  if (time.empty()) return;
  parts.push_back(std::string("TimeCreated[@SystemTime") + comparison + "'" + time +
                  "']");
}

void AddAny(const char* name, const std::set<int64_t>& numbers,
            std::vector<std::string>& parts) {
  if (numbers.empty()) return;
  std::vector<std::string> any;
  for (const int64_t number : numbers) {
    any.push_back(std::string(name) + "=" + std::to_string(number));
  }
  parts.push_back("(" + Join(any, " or ") + ")");
}

}  // namespace

Wanted WantedOf(const std::vector<std::string>& filters) {
  Wanted wanted;
  bool simple_levels = !filters.empty();
  bool simple_ids = simple_levels;
  for (const std::string& filter : filters) {
    const auto tree = checks::ParseExpression(filter);
    if (!tree.ok()) return {};
    AddNumbers(OfExpression(**tree, {"level", "type"}, &WantedLevel), wanted.levels,
               simple_levels);
    AddNumbers(OfExpression(**tree, {"id"}, &WantedId), wanted.ids, simple_ids);
  }
  if (!simple_levels) wanted.levels.clear();
  if (!simple_ids || wanted.ids.size() > kMaxWantedIds) wanted.ids.clear();
  return wanted;
}

std::string XPathOf(const ReadRequest& request) {
  std::vector<std::string> parts;
  AddAny("Level", request.wanted.levels, parts);
  AddAny("EventID", request.wanted.ids, parts);
  if (request.after > 0) {
    parts.push_back("EventRecordID>" + std::to_string(request.after));
  }
  if (request.up_to < UINT64_MAX) {
    parts.push_back("EventRecordID<=" + std::to_string(request.up_to));
  }
  AddTime(">=", request.since, parts);
  // The last second whole: times are exact to 100 ns.
  AddTime("<", request.until ? std::optional<int64_t>(*request.until + 1) : std::nullopt,
          parts);
  return parts.empty() ? "*" : "*[System[" + Join(parts, " and ") + "]]";
}

}  // namespace nscp::check_event_log
