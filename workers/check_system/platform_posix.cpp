#include "workers/check_system/platform.h"

namespace nscp::check_system {

Platform ThisPlatform() { return Platform::kUnix; }

}  // namespace nscp::check_system
