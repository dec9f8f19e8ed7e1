// Names of services as users write them, and systemd's unit ids. Any thread.
//
// Source: systemd.unit(5).
#pragma once

#include <string>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::check_system {

constexpr size_t kMaxUnitName = 256;

// The unit's id: "cron" is cron.service; a name that ends with another type of unit
// ("apt-daily.timer") stays. The error says what a name may hold.
Result<std::string> UnitId(const std::string& name);
// The id without ".service".
std::string_view ServiceName(std::string_view id);

}  // namespace nscp::check_system
