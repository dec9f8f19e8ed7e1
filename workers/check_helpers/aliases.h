// Aliases of the section `/settings/check helpers/alias`: a name that stands for a
// command line with $ARG1$ ... in it (filter-engine.md 2.4, 2.5). Immutable once built:
// any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "workers/check_helpers/handler.h"

namespace nscp::check_helpers {

constexpr size_t kMaxAliases = 10000;
// Of one argument once placeholders are replaced.
constexpr size_t kMaxExpandedArgument = 1024 * 1024;

class Aliases {
 public:
  Aliases() = default;
  // `taken` are names that no alias may have. Aliases that cannot be used are left out
  // and logged with the reason.
  Aliases(const std::vector<sdk::Settings::Entry>& entries,
          const std::vector<std::string>& taken, const Log& log);

  // `name` in lower case; null when there is none.
  const sdk::Query* Find(const std::string& name) const;
  std::vector<sdk::Host::DynamicName> Names() const;

 private:
  std::map<std::string, sdk::Query> aliases_;
};

// `alias` with every $ARGn$ and %ARGn% that `arguments` has a value for replaced; others
// stay as they are, surplus arguments are ignored, and what an argument brings in is not
// expanded again.
Result<sdk::Query> ExpandAlias(const sdk::Query& alias,
                               const std::vector<std::string>& arguments);

}  // namespace nscp::check_helpers
