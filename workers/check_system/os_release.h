// What this system is: the kernel, the machine, the distribution. Any thread.
//
// Sources: uname(2), os-release(5).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::check_system {

// Bytes read of the distribution's file.
constexpr size_t kMaxOsRelease = 64 * 1024;

// Texts are bytes and need not be UTF-8; what is not known is empty.
struct OsVersion {
  std::string kernel_name;  // "Linux"
  std::string nodename;
  std::string kernel_release;
  std::string kernel_version;
  std::string machine;            // "x86_64"
  std::string os;                 // "Debian GNU/Linux 12 (bookworm)"
  std::string distribution;       // "debian"
  std::string distribution_name;  // "Debian GNU/Linux"
  std::string version;            // "12"
  std::string family;             // the distribution that it was made from: "debian"
  // Of Windows alone.
  std::string edition;       // "ServerStandard"
  std::string installation;  // "Server", "Server Core", "Client"
  int64_t major = 0;
  int64_t minor = 0;
  int64_t build = 0;
  int64_t revision = 0;  // of the build: counts its monthly updates
};

// The lines of os-release into the fields that they tell; quotes and escapes are
// resolved.
void ParseOsRelease(std::string_view text, OsVersion& version);

Result<OsVersion> ReadOsVersion();

}  // namespace nscp::check_system
