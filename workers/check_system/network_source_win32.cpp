// The order that these three headers need.
// clang-format off
#include <winsock2.h>
#include <ws2ipdef.h>
#include <iphlpapi.h>
// clang-format on

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "proto/cpp/windows_win32.h"
#include "workers/check_system/network_source.h"

namespace nscp::check_system {
namespace {

using Table = std::unique_ptr<MIB_IF_TABLE2, void (*)(MIB_IF_TABLE2*)>;

Result<Table> ReadTable() {
  MIB_IF_TABLE2* table = nullptr;
  const DWORD error = ::GetIfTable2(&table);
  if (error != NO_ERROR) {
    return Status::Unavailable("GetIfTable2 failed with error " + std::to_string(error));
  }
  return Table(table, [](MIB_IF_TABLE2* done) { ::FreeMibTable(done); });
}

// Filters and drivers below an interface are rows of their own, with its figures again.
bool IsReal(const MIB_IF_ROW2& row) {
  return !row.InterfaceAndOperStatusFlags.FilterInterface &&
         row.Type != IF_TYPE_SOFTWARE_LOOPBACK;
}

const char* StatusName(IF_OPER_STATUS status) {
  switch (status) {
    case IfOperStatusUp:
      return "up";
    case IfOperStatusDown:
      return "down";
    case IfOperStatusTesting:
      return "testing";
    case IfOperStatusDormant:
      return "dormant";
    case IfOperStatusNotPresent:
      return "notpresent";
    case IfOperStatusLowerLayerDown:
      return "lowerlayerdown";
    default:
      return "unknown";
  }
}

std::string AddressOf(const MIB_IF_ROW2& row) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string address;
  for (ULONG i = 0;
       i < std::min<ULONG>(row.PhysicalAddressLength, IF_MAX_PHYS_ADDRESS_LENGTH); ++i) {
    if (!address.empty()) address += ':';
    address += kHex[row.PhysicalAddress[i] >> 4];
    address += kHex[row.PhysicalAddress[i] & 15];
  }
  return address;
}

}  // namespace

Result<std::vector<InterfaceCounters>> ReadInterfaces() {
  ASSIGN_OR_RETURN(const Table table, ReadTable());
  std::vector<InterfaceCounters> interfaces;
  for (ULONG i = 0; i < table->NumEntries && interfaces.size() < kMaxInterfaces; ++i) {
    const MIB_IF_ROW2& row = table->Table[i];
    if (!IsReal(row)) continue;
    interfaces.push_back({Utf8(row.Alias), row.InOctets,
                          row.InUcastPkts + row.InNUcastPkts, row.InErrors, row.OutOctets,
                          row.OutUcastPkts + row.OutNUcastPkts, row.OutErrors});
  }
  std::sort(interfaces.begin(), interfaces.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return interfaces;
}

std::vector<InterfaceFacts> ReadInterfaceFacts(const std::vector<std::string>& names,
                                               const std::function<bool()>&) {
  std::map<std::string, InterfaceFacts> known;
  if (const auto table = ReadTable(); table.ok()) {
    for (ULONG i = 0; i < (*table)->NumEntries; ++i) {
      const MIB_IF_ROW2& row = (*table)->Table[i];
      if (!IsReal(row)) continue;
      const uint64_t speed = row.TransmitLinkSpeed;
      known[Utf8(row.Alias)] = {StatusName(row.OperStatus),
                                row.AdminStatus == NET_IF_ADMIN_STATUS_UP, AddressOf(row),
                                speed == UINT64_MAX ? 0 : speed};
    }
  }
  std::vector<InterfaceFacts> facts;
  for (const std::string& name : names) {
    const auto found = known.find(name);
    facts.push_back(found != known.end() ? found->second : InterfaceFacts());
  }
  return facts;
}

}  // namespace nscp::check_system
