// What a role may do (rest-api.md 3.3): a list of dotted rules, such as
// "modules.*,login.get". Values; a const object may be read by several threads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nscp::gateway {

// Walks rule and need token by token. '*' in the rule ends the match with yes; a rule
// that is exhausted first, a token that differs, or a rule that is longer than the need
// is a no.
bool GrantMatches(std::string_view rule, std::string_view need);

class Grants {
 public:
  Grants() = default;  // nothing is allowed
  // A comma list; rules are trimmed, empty ones left out.
  explicit Grants(std::string_view list);

  bool Allow(std::string_view need) const;
  // A rule is the bare word `legacy`, which opens every check to whoever holds it.
  bool has_legacy() const;
  const std::vector<std::string>& rules() const { return rules_; }

 private:
  std::vector<std::string> rules_;
};

}  // namespace nscp::gateway
