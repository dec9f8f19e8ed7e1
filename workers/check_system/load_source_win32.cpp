#include "workers/check_system/load_source.h"

namespace nscp::check_system {

Result<LoadAverage> ReadLoadAverage() {
  return Status::Unimplemented(
      "check_load is not available on Windows: the system keeps no load average (use "
      "check_cpu)");
}

}  // namespace nscp::check_system
