#include "kernel/cli/service_control.h"

namespace nscp::kernel {

const std::vector<ServiceOperation>& ServiceOperations() {
  static const std::vector<ServiceOperation> kOperations = {
      {"install", ServiceVerb::kInstall}, {"uninstall", ServiceVerb::kUninstall},
      {"start", ServiceVerb::kStart},     {"stop", ServiceVerb::kStop},
      {"restart", ServiceVerb::kRestart}, {"info", ServiceVerb::kInfo},
  };
  return kOperations;
}

}  // namespace nscp::kernel
