// Files of Linux's /sys: one short value each. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nscp::check_system {

// The value without blanks at its ends; empty for one that is not there or cannot be
// read.
std::string SysText(const std::string& path);
// Nothing for what is no whole number.
std::optional<int64_t> SysNumber(const std::string& path);

// Full paths of the entries of a folder whose names begin with `prefix`, "zone2" before
// "zone10"; at most kMaxSensors. None for a folder that is not there.
std::vector<std::string> SysEntries(const std::string& folder, std::string_view prefix);
// The last part of a path.
std::string_view SysName(std::string_view path);

}  // namespace nscp::check_system
