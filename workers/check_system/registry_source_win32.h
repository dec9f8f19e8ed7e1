// The registry of Windows, of this computer or of another one. Any thread.
#pragma once

#include "workers/check_system/registry_source.h"

namespace nscp::check_system {

Result<std::unique_ptr<RegistrySource>> OpenWindowsRegistry(const std::string& computer);

}  // namespace nscp::check_system
