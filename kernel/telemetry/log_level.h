// Names of log levels, as users write and read them. Any thread.
#pragma once

#include <optional>
#include <string_view>

#include "nscp/v1/telemetry.pb.h"

namespace nscp::kernel {

// `critical crit c error err e warning warn w info log i debug d trace t`, in any case.
std::optional<v1::LogLevel> ParseLogLevel(std::string_view word);
// "critical" ... "trace"; "unknown" for anything else.
std::string_view LogLevelName(v1::LogLevel level);
// C E W L D T; information is "L".
char LogLevelLetter(v1::LogLevel level);

}  // namespace nscp::kernel
