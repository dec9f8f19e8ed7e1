// Modules and their slots as tables and as JSON. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kernel/output/json.h"
#include "kernel/output/table.h"
#include "nscp/v1/host.pb.h"
#include "nscp/v1/modules.pb.h"

namespace nscp::kernel {

// Loaded, and its process is ready.
bool IsAsWanted(const v1::ModuleInfo& module);

// State, reason, restarts, memory, age of what has a slot.
Table SlotTable(const v1::ListModulesResponse& modules, int64_t now_ms);
// What is loaded and enabled, with descriptions.
Table ModuleTable(const v1::ListModulesResponse& modules);

void AddHost(const v1::GetHostStatusResponse& host, JsonWriter* json);
// An array of all, or of those with a slot.
enum class Which { kAll, kWithSlot };
void AddModules(const v1::ListModulesResponse& modules, Which which, JsonWriter* json);

}  // namespace nscp::kernel
