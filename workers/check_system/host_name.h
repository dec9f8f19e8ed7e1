// The names of this host. Any thread.
//
// Sources: gethostname(2), getent(1) for the name service.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "proto/cpp/status.h"
#include "workers/check_system/tool.h"

namespace nscp::check_system {

// A name service that waits for a dead server is not waited for longer.
constexpr std::chrono::milliseconds kNameServiceLimit{5000};

struct HostName {
  std::string hostname;  // what the kernel calls it
  std::string fqdn;      // its whole name in the name service; the hostname without one
  std::string domain;    // behind the first dot of the fqdn
  // Whether the fqdn is the hostname, or that with a domain.
  bool consistent = false;
};

Result<std::string> ReadHostname();
// The canonical name in the output of `getent ahosts NAME`, its first line's third word.
std::string ParseCanonicalName(std::string_view text);
HostName MakeHostName(std::string hostname, std::string canonical);
// `with_fqdn`: ask the name service too.
Result<HostName> FindHostName(bool with_fqdn, const RunTool& run);
// Of this system: on POSIX the same with the system's own tools, on Windows the names
// that it has (GetComputerNameEx).
Result<HostName> FindThisHost(bool with_fqdn, const std::function<bool()>& cancelled);

}  // namespace nscp::check_system
