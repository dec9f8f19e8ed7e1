#include "kernel/settings/registry.h"
#include "kernel/settings/source.h"

namespace nscp::kernel {

bool RegistryExists(const std::string&) { return false; }

Result<std::unique_ptr<Source>> NewRegistrySource(const std::string& path) {
  return Status::Unimplemented("the settings store registry://" + path +
                               " is the registry, which Windows alone has; use "
                               "ini://<path>");
}

}  // namespace nscp::kernel
