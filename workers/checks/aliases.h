// Aliases: names that a user gave to command lines with $ARG1$ ... in them
// (filter-engine.md 2.4, 2.5). Immutable once built: any thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "workers/sdk/module.h"

namespace nscp::checks {

constexpr size_t kMaxAliases = 10000;

using Log = std::function<void(sdk::LogLevel, std::string_view)>;

struct AliasDefinition {
  std::string name;
  std::string line;
};

// Those of a section: lines, and objects with a key `command`. What is wrong with the
// objects is logged.
std::vector<AliasDefinition> ReadAliases(const sdk::Settings& settings,
                                         std::string_view path, const Log& log);

class Aliases {
 public:
  Aliases() = default;
  // `taken` are names that no alias may have, in lower case. Aliases that cannot be used
  // are left out and logged with the reason.
  Aliases(const std::vector<AliasDefinition>& definitions,
          const std::vector<std::string>& taken, const Log& log);

  // `name` in lower case; null when there is none.
  const sdk::Query* Find(const std::string& name) const;
  std::vector<sdk::Host::DynamicName> Names() const;
  const std::map<std::string, sdk::Query>& all() const { return aliases_; }

  // Runs what the name of `query` stands for, with its arguments in place. The result
  // names the command that answered. UNKNOWN says what is wrong.
  sdk::CheckResult Run(const sdk::Query& query, sdk::Call& call) const;

 private:
  std::map<std::string, sdk::Query> aliases_;
};

}  // namespace nscp::checks
