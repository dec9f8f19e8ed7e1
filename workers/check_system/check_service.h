// check_service: whether the services of this system are as they should be
// (modules.md C1). Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "workers/check_system/process_source.h"
#include "workers/check_system/service_manager.h"
#include "workers/check_system/windows_services.h"
#include "workers/checks/check.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_system {

// A service as it is judged.
struct ServiceRow {
  Unit unit;
  WindowsService windows;          // on Windows, which has no units
  std::optional<Process> process;  // the main one, when it was asked for
  uint64_t ticks_per_second = 1;
  int64_t now = 0;  // seconds since 1970
  const checks::TimeZone* zone = nullptr;
};

class ServiceCheck {
 public:
  // What one run needs from outside.
  struct Host {
    const ServiceManager& manager;
    const ProcessSource& processes;
    const checks::TimeZone& zone;
  };

  ServiceCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Host& host) const;

 private:
  checks::Check<ServiceRow> check_;
};

}  // namespace nscp::check_system
