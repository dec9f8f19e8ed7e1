// The settings' problems as JSON, the same wherever they are told. Pure.
#pragma once

#include <vector>

#include "kernel/output/json.h"
#include "kernel/settings/problems.h"

namespace nscp::kernel {

// An array with an object for each.
void AddProblems(const std::vector<SettingsProblem>& problems, JsonWriter* json);

}  // namespace nscp::kernel
