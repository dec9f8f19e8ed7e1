// What the settings define: scripts, wrapped scripts, the files of a folder, aliases, and
// the rules for all of them. A value, immutable once read: any thread.
// Source: modules.md C4.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "workers/check_external_scripts/execution.h"

namespace nscp::check_external_scripts {

inline constexpr char kSection[] = "/settings/external scripts";
inline constexpr char kScriptsSection[] = "/settings/external scripts/scripts";
inline constexpr char kWrappedSection[] = "/settings/external scripts/wrapped scripts";

constexpr size_t kMaxScripts = 10000;

struct Definitions {
  std::map<std::string, Script> scripts;  // by their names
  checks::Aliases aliases;
  RunRules rules;
  // The folder of the scripts that may be listed, shown, added and removed.
  std::string root;

  std::vector<sdk::Host::DynamicName> Names() const;
};

// Reads `script path`'s folder too. What cannot be used is left out, and logged with the
// reason.
Definitions ReadDefinitions(const sdk::Settings& settings, const checks::Log& log);

}  // namespace nscp::check_external_scripts
