// check_service as it is on Windows: whether its services are as they should be
// (modules.md G). Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/check_service.h"
#include "workers/check_system/windows_services.h"

namespace nscp::check_system {

// Windows' words: "running", "auto".
std::string_view WindowsStateWord(WindowsState state);
std::string_view WindowsStartWord(WindowsStart start);
// How it starts, with what `delayed` and `trigger` add to it.
WindowsStart StartOf(const WindowsService& service);

// What starts with Windows runs, save what may come later or waits for something; of the
// others nothing is expected. A service that is not there is not as it should be.
bool StateIsOk(const WindowsService& service);
// The same, what comes later is there, and what is disabled does not run.
bool StateIsPerfect(const WindowsService& service);

class WindowsServiceCheck {
 public:
  struct Host {
    const WindowsServices& services;
    const ProcessSource& processes;
    const checks::TimeZone& zone;
  };

  WindowsServiceCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Host& host) const;

 private:
  checks::Check<ServiceRow> check_;
};

}  // namespace nscp::check_system
