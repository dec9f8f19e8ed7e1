// Log entries as lines for people and as JSON. Pure, save for the local time zone.
#pragma once

#include <string>
#include <vector>

#include "kernel/output/json.h"
#include "kernel/output/screen.h"
#include "nscp/v1/telemetry.pb.h"

namespace nscp::kernel {

// `level` and what is more severe.
std::vector<v1::LogLevel> LevelsFrom(v1::LogLevel level);

// "<date> <time> <level> <sender>: <message>" in local time, one line whatever the
// message holds, with its end.
std::string LogText(const v1::LogEntry& entry, const Screen& screen);
void AddLogEntry(const v1::LogEntry& entry, JsonWriter* json);

}  // namespace nscp::kernel
