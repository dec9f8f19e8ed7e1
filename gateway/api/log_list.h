// Log entries as the API words them, for the versioned and the legacy resource. Any
// thread.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "json/writer.h"
#include "nscp/v1/telemetry.pb.h"

namespace nscp::gateway {

// "critical", "error", "warning", "info", "debug" or "unknown".
std::string_view LevelWord(v1::LogLevel level);
// The other way round, any case; nothing for another word.
std::optional<v1::LogLevel> ParseLevel(std::string_view word);
// The levels of a comma list; none = all of them. Other words are left out; where nothing
// else stands it is LOG_UNSPECIFIED alone, which no entry has.
std::vector<v1::LogLevel> ParseLevels(std::string_view list);
// An entry as an object of the versioned API.
void WriteLogEntry(const v1::LogEntry& entry, json::Writer& out);

}  // namespace nscp::gateway
