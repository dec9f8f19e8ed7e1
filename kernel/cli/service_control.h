// The system's service manager: install, remove, start and stop the agent as a service.
// Functions without state; main's thread. Source: the command line's specification A.6.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::kernel {

enum class ServiceVerb { kInstall, kUninstall, kStart, kStop, kRestart, kInfo };

struct ServiceOperation {
  std::string_view option;
  ServiceVerb verb;
};
// In order of precedence.
const std::vector<ServiceOperation>& ServiceOperations();

struct ServiceRequest {
  ServiceVerb verb = ServiceVerb::kInfo;
  std::string name;
  std::string description;
};

// What there is to print, whole lines.
Result<std::string> ControlService(const ServiceRequest& request);

}  // namespace nscp::kernel
