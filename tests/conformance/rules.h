// The rules of the contract, each a function that starts the worker as often as it needs
// and tells what it saw. tests/conformance/README.md lists them.
#pragma once

#include <vector>

#include "tests/conformance/plan.h"

namespace nscp::conformance {

// What must be kept before a rule can be looked at.
enum class Needs { kNothing, kAttach, kStart };

struct Rule {
  const char* name;
  const char* promise;
  Needs needs;
  // OK; Unimplemented with the reason why this worker can't be held to it; else the
  // breach.
  Status (*run)(const Plan& plan);
};

const std::vector<Rule>& LifeRules();
const std::vector<Rule>& CallRules();
const std::vector<Rule>& DataRules();

}  // namespace nscp::conformance
