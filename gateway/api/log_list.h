// Log entries as the API words them, for the versioned and the legacy resource. Any
// thread.
#pragma once

#include <optional>
#include <string_view>

#include "nscp/v1/telemetry.pb.h"

namespace nscp::gateway {

// "critical", "error", "warning", "info", "debug" or "unknown".
std::string_view LevelWord(v1::LogLevel level);
// The other way round, any case; nothing for another word.
std::optional<v1::LogLevel> ParseLevel(std::string_view word);

}  // namespace nscp::gateway
