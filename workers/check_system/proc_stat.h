// Reads the text of Linux's /proc/stat and /proc/uptime (proc(5)). Apart from the files,
// so that it is tested with recorded text. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/cpp/status.h"
#include "workers/check_system/cpu_source.h"

namespace nscp::check_system {

// Longer than the file of a machine with kMaxCores cores.
constexpr size_t kMaxProcText = 1024 * 1024;

// A whole number with blanks or a line end around it, as counters below /proc and /sys
// are written. Nothing for any other text.
std::optional<uint64_t> ParseCounter(std::string_view text);

Result<CpuSample> ParseProcStat(std::string_view text);
// Seconds since the start of the system.
Result<double> ParseProcUptime(std::string_view text);
// At most kMaxProcText bytes of a file below /proc.
Result<std::string> ReadProcFile(const char* path);

}  // namespace nscp::check_system
