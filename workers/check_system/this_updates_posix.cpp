#include "workers/check_system/package_updates.h"

namespace nscp::check_system {

Result<Updates> AskThisSystem(const RunTool& run, const std::function<bool()>&) {
  return AskForUpdates(run);
}

}  // namespace nscp::check_system
