// Where a file comes from: its owner, and the version that a program of Windows carries.
// Any thread. Sources: "Version Information" and "File Security and Access Rights" of
// Windows' documentation.
#pragma once

#include <cstdint>
#include <string>

namespace nscp::check_disk {

// "10.0.17763.1"; empty for files that carry none, as elsewhere than on Windows.
std::string FileVersion(const std::string& path);
// "BUILTIN\Administrators"; of an account that is gone "S-1-5-21-..."; empty where it
// cannot be read, as elsewhere than on Windows.
std::string FileOwner(const std::string& path);

// The version out of its two halves (VS_FIXEDFILEINFO).
std::string VersionText(uint32_t high, uint32_t low);
// "archive, hidden" out of FILE_ATTRIBUTE_... of winnt.h; "normal" without any.
std::string AttributesText(uint32_t attributes);

}  // namespace nscp::check_disk
