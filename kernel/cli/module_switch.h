// Which line of [/modules] turns a module on or off. Pure.
#pragma once

#include <string>
#include <vector>

#include "kernel/settings/modules_section.h"
#include "nscp/v1/settings.pb.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

// For `name`, a module's or an instance's, in any case. `on_disk` is the spelling of the
// module that the name stands for where nothing is configured; empty = there is none.
// NotFound, or FailedPrecondition for switching off an alias: its line has no other word.
Result<v1::SettingEntry> SwitchEntry(const std::vector<ConfiguredModule>& configured,
                                     const std::string& name, const std::string& on_disk,
                                     bool enable);

}  // namespace nscp::kernel
