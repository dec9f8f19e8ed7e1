#include "workers/check_system/platform_parts.h"

namespace nscp::check_system {

std::unique_ptr<PlatformParts> MakePlatformParts(std::function<checks::TimeZone()>) {
  return std::make_unique<PlatformParts>();
}

}  // namespace nscp::check_system
