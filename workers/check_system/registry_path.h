// Keys of the Windows registry as users write them, and the data of its values as text
// and numbers. Pure functions; any thread. Source: Microsoft, "Registry Value Types".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_system {

// The hives by the short names that rows show them with.
enum class Hive { kClassesRoot, kCurrentUser, kLocalMachine, kUsers, kCurrentConfig };

struct RegistryPath {
  Hive hive = Hive::kLocalMachine;
  std::string key;  // below the hive, without backslashes at its ends; may be empty

  // "HKLM\Software\Key"
  std::string Text() const;
  // The last part: "Key", or "HKLM".
  std::string Name() const;
  // All but the last part; empty for a hive.
  std::string Parent() const;
  RegistryPath Below(std::string_view name) const;
};

std::string_view HiveName(Hive hive);
// "HKLM\...", "HKEY_LOCAL_MACHINE\...", "LOCAL_MACHINE\..."; slashes hold too. At most
// kMaxRegistryPath bytes. InvalidArgument says what a path begins with.
constexpr size_t kMaxRegistryPath = 4096;
Result<RegistryPath> ParseRegistryPath(std::string_view text);

// Which half of the registry a 64-bit Windows shows.
enum class RegistryView { kDefault, k32, k64 };
Result<RegistryView> ParseRegistryView(std::string_view word);

// The data of one value as it is kept: texts in UTF-16 as bytes, the low byte first.
struct RegistryData {
  uint32_t type = 0;  // REG_SZ is 1
  std::string bytes;  // at most RegistrySource::kMaxData
  int64_t size = 0;   // of all of it
};

// "REG_SZ"; "REG_UNKNOWN (12)" for a type without a name.
std::string RegistryTypeName(uint32_t type);
// Texts as they are (lines of REG_MULTI_SZ joined by a comma and a blank), numbers in
// decimal, bytes in hexadecimal. Ends with "..." where there was more than is shown.
std::string RegistryText(const RegistryData& data);
// REG_DWORD, its other byte order, and REG_QWORD; 0 for all else.
int64_t RegistryInteger(const RegistryData& data);
// The texts of REG_MULTI_SZ, without the empty one at its end.
std::vector<std::string> RegistryLines(const RegistryData& data);

// Seconds since 1970 of a FILETIME (100 ns since 1601); 0 for one before.
int64_t FromFileTime(uint64_t file_time);

}  // namespace nscp::check_system
