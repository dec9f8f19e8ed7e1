// One run of a script, from the caller's arguments to the check's answer. Any thread.
// Source: modules.md C4 "Execution of a script command".
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "workers/check_external_scripts/script.h"
#include "workers/checks/aliases.h"
#include "workers/sdk/module.h"

namespace nscp::check_external_scripts {

struct RunRules {
  ArgumentRules arguments;
  std::chrono::seconds timeout{60};
  std::string folder;  // relative names start here; empty = the agent's own
};

// `background` takes the scripts whose output nobody wants.
sdk::CheckResult RunScript(const Script& script, const sdk::Query& query,
                           const RunRules& rules, process::Background& background,
                           const checks::Log& log, const sdk::Call& call);

}  // namespace nscp::check_external_scripts
