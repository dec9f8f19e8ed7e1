#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>

#include "workers/check_system/host_name.h"

namespace nscp::check_system {

Result<std::string> ReadHostname() {
  char name[HOST_NAME_MAX + 1] = {};
  if (::gethostname(name, sizeof(name) - 1) != 0) {
    return Status::Unavailable("Failed to read the name of this host: " +
                               std::string(std::strerror(errno)));
  }
  return std::string(name);
}

Result<HostName> FindThisHost(bool with_fqdn, const std::function<bool()>& cancelled) {
  return FindHostName(with_fqdn, MakeRunTool(cancelled));
}

}  // namespace nscp::check_system
