// winsock2.h must come before anything that brings windows.h.
#include <winsock2.h>
#include <ws2tcpip.h>

#include <iphlpapi.h>

#include <vector>

#include "proto/cpp/windows_win32.h"
#include "workers/check_net/socket_table.h"

namespace nscp::check_net {
namespace {

// A table grows while it is asked for.
constexpr int kTableTries = 5;

// Windows' states (1 to 12) as the kernel of Linux numbers them.
constexpr size_t kStates[kTcpStates] = {0, 7, 10, 2, 3, 1, 4, 5, 8, 11, 9, 6, 0};

template <class Get>
Result<std::vector<char>> ReadTable(const char* what, const Get& get) {
  std::vector<char> table;
  DWORD size = 0;
  DWORD error = ERROR_INSUFFICIENT_BUFFER;
  for (int i = 0; i < kTableTries && error == ERROR_INSUFFICIENT_BUFFER; ++i) {
    table.resize(size);
    error = get(table.empty() ? nullptr : table.data(), &size);
  }
  if (error == NO_ERROR) return table;
  return WindowsStatus(std::string("Failed to read the table of ") + what, error);
}

template <class Table>
Result<int64_t> CountTcp(ULONG family, SocketCounts* counts) {
  ASSIGN_OR_RETURN(const auto bytes, ReadTable("TCP", [&](char* to, DWORD* size) {
                     return ::GetExtendedTcpTable(to, size, FALSE, family,
                                                  TCP_TABLE_OWNER_PID_ALL, 0);
                   }));
  const auto* table = reinterpret_cast<const Table*>(bytes.data());
  for (DWORD i = 0; i < table->dwNumEntries; ++i) {
    const DWORD state = table->table[i].dwState;
    ++counts->states[state < kTcpStates ? kStates[state] : 0];
  }
  return static_cast<int64_t>(table->dwNumEntries);
}

template <class Table>
Result<int64_t> CountUdp(ULONG family) {
  ASSIGN_OR_RETURN(const auto bytes, ReadTable("UDP", [&](char* to, DWORD* size) {
                     return ::GetExtendedUdpTable(to, size, FALSE, family,
                                                  UDP_TABLE_OWNER_PID, 0);
                   }));
  const auto* table = reinterpret_cast<const Table*>(bytes.data());
  return static_cast<int64_t>(table->dwNumEntries);
}

}  // namespace

Result<SocketCounts> ReadSocketTables(const std::function<bool()>&) {
  SocketCounts counts;
  ASSIGN_OR_RETURN(counts.tcp, CountTcp<MIB_TCPTABLE_OWNER_PID>(AF_INET, &counts));
  ASSIGN_OR_RETURN(counts.tcp6, CountTcp<MIB_TCP6TABLE_OWNER_PID>(AF_INET6, &counts));
  ASSIGN_OR_RETURN(counts.udp, CountUdp<MIB_UDPTABLE_OWNER_PID>(AF_INET));
  ASSIGN_OR_RETURN(counts.udp6, CountUdp<MIB_UDP6TABLE_OWNER_PID>(AF_INET6));
  return counts;
}

}  // namespace nscp::check_net
