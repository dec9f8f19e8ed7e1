#include "kernel/telemetry/system_log.h"

namespace nscp::kernel {

// The service manager keeps what a service prints; nothing is to be registered.
Result<std::unique_ptr<SystemLog>> OpenSystemLog() {
  return Status::Unimplemented("this system has no event log");
}

Status RegisterSystemLog() { return Status::Ok(); }
Status UnregisterSystemLog() { return Status::Ok(); }

}  // namespace nscp::kernel
