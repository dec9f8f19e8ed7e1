#include "workers/check_system/host_name.h"

#include <windows.h>

#include "proto/cpp/windows_win32.h"

namespace nscp::check_system {
namespace {

Result<std::string> ReadName(COMPUTER_NAME_FORMAT format) {
  // Longer than a name of DNS may be.
  constexpr DWORD kMaxName = 1024;
  wchar_t name[kMaxName] = {};
  DWORD size = kMaxName;
  if (!::GetComputerNameExW(format, name, &size)) {
    return LastError("Failed to read the name of this host");
  }
  return Utf8(std::wstring_view(name, size));
}

}  // namespace

Result<std::string> ReadHostname() { return ReadName(ComputerNameDnsHostname); }

Result<HostName> FindThisHost(bool with_fqdn, const std::function<bool()>&) {
  ASSIGN_OR_RETURN(std::string hostname, ReadHostname());
  if (!with_fqdn) return MakeHostName(std::move(hostname), "");
  ASSIGN_OR_RETURN(std::string whole, ReadName(ComputerNameDnsFullyQualified));
  return MakeHostName(std::move(hostname), std::move(whole));
}

}  // namespace nscp::check_system
