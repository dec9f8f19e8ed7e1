#include "gateway/auth/grants.h"

#include <algorithm>

#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

// Cuts the first token off `text`; `more` tells whether another one follows.
std::string_view NextToken(std::string_view& text, bool& more) {
  const size_t dot = text.find('.');
  const std::string_view token = text.substr(0, dot);
  more = dot != std::string_view::npos;
  text = more ? text.substr(dot + 1) : std::string_view();
  return token;
}

}  // namespace

bool GrantMatches(std::string_view rule, std::string_view need) {
  bool more_rule = true;
  bool more_need = true;
  while (more_need) {
    if (!more_rule) return false;
    const std::string_view allowed = NextToken(rule, more_rule);
    if (allowed == "*") return true;
    if (allowed != NextToken(need, more_need)) return false;
  }
  return !more_rule;
}

Grants::Grants(std::string_view list) : rules_(SplitList(list)) {}

bool Grants::Allow(std::string_view need) const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [&](const std::string& rule) { return GrantMatches(rule, need); });
}

bool Grants::has_legacy() const {
  return std::find(rules_.begin(), rules_.end(), "legacy") != rules_.end();
}

}  // namespace nscp::gateway
