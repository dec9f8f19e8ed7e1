// The folders and printers that this computer shares with others. Any thread. Source:
// NetShareEnum of Windows' documentation (lmshare.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_disk {

// More than a server has; the rest is left out.
constexpr size_t kMaxShares = 10000;

struct Share {
  std::string name;
  std::string path;  // empty for IPC$, and where only an administrator may know it
  std::string description;
  uint32_t type = 0;  // STYPE_...
};

// Unimplemented elsewhere than on Windows.
Result<std::vector<Share>> ReadShares();

// "disk", "printer", "device", "ipc", "unknown".
const char* ShareTypeName(uint32_t type);
// One of Windows' own: C$, ADMIN$, IPC$.
bool IsAdministrative(uint32_t type);

}  // namespace nscp::check_disk
