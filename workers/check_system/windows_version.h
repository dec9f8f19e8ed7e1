// What Windows tells of its version, as the fields of an OsVersion. Pure functions; any
// thread.
#pragma once

#include <cstdint>
#include <string>

#include "workers/check_system/os_release.h"

namespace nscp::check_system {

// Of RtlGetVersion, and of the registry's
// HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion. What is not there is
// empty or 0.
struct WindowsFacts {
  int64_t major = 0;
  int64_t minor = 0;
  int64_t build = 0;
  bool is_server = false;
  std::string nodename;
  std::string machine;          // "x86_64"
  std::string product;          // ProductName: "Windows Server 2022 Standard"
  std::string display_version;  // DisplayVersion, before it ReleaseId: "21H2"
  std::string edition;          // EditionID: "ServerStandard"
  std::string installation;     // InstallationType: "Server Core"
  int64_t revision = 0;         // UBR, which counts its monthly updates
};

OsVersion MakeWindowsVersion(const WindowsFacts& facts);

}  // namespace nscp::check_system
