#include "kernel/cli/service_control.h"

namespace nscp::kernel {

Result<std::string> ControlService(const ServiceRequest& request) {
  if (request.verb == ServiceVerb::kInfo) {
    return "Installed services: \n" + request.name + ": \n";
  }
  return std::string(
      "Service management is not supported on non Windows operating systems; use the "
      "system's own tool, such as systemctl start nsclient\n");
}

}  // namespace nscp::kernel
