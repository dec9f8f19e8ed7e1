// Answers that are always the same: what clients of the REST API must find in every form.
#pragma once

#include "workers/sdk/module.h"

namespace fakes {

// OK, "<command>::<arguments joined by a comma>" and two numbers.
nscp::sdk::CheckResult MockQuery(const nscp::sdk::Query& query);
// Every form that performance data can have, in one line.
nscp::sdk::CheckResult EveryKindOfPerf();
// WARNING in three lines, the middle one without performance data.
nscp::sdk::CheckResult ThreeLines();
// OK, with each argument between "<" and ">", so that none gets lost.
nscp::sdk::CheckResult NumberedArguments(const nscp::sdk::Query& query);

}  // namespace fakes
