#include "workers/check_system/installed_software.h"

namespace nscp::check_system {

Result<std::vector<Software>> ListThisSoftware(const std::function<bool()>& cancelled) {
  return ListSoftware(MakeRunTool(cancelled));
}

}  // namespace nscp::check_system
