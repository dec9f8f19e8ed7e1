// This process as a service: who started it is told how it is, and may tell it to stop.
// Made in main before the work begins, and gone when it is done. On POSIX nothing: there
// NotifyServiceManager (termination.h) says all.
//
// Windows: a thread of its own talks to the service manager. A stop is Termination's
// "terminate", and so is the end of Windows, told early (SERVICE_CONTROL_PRESHUTDOWN);
// "running" is READY=1. Without a service manager behind the process, at a
// console, it does nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "proto/cpp/status.h"

namespace nscp::kernel {

// Why a service ended that was not told to: what `sc query` shows as the service's own
// exit code, and the event log beside it.
enum class ServiceFailure : uint32_t {
  kOther = 1,
  kSettings = 2,  // boot.ini or the settings store can't be read
  kRuns = 3,      // an agent with this store runs already
};

class ServiceSession {
 public:
  // After Termination::Create.
  static Result<std::unique_ptr<ServiceSession>> Begin(const std::string& name);
  // Tells that the service has stopped, well unless SetFailed was called.
  virtual ~ServiceSession() = default;
  // So that the service manager takes the recovery actions.
  virtual void SetFailed(ServiceFailure failure) = 0;
  // Nobody sees the standard error of a service: why it failed must go to the log file.
  virtual bool Detached() const = 0;
};

}  // namespace nscp::kernel
