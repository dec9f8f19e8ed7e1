// check_process: which processes run, and how they do (modules.md C1). Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_system/platform.h"
#include "workers/check_system/process_source.h"
#include "workers/checks/check.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_system {

// A process as it is judged: real, or made up for a name that does not run and for the
// total.
struct ProcessRow {
  Process process;
  bool started = false;
  int64_t user = 0;  // seconds of the processor; with delta percent of all processors
  int64_t kernel = 0;
  int64_t total = 0;
  int64_t created = 0;  // seconds since 1970
  const checks::TimeZone* zone = nullptr;
};

class ProcessCheck {
 public:
  // What one run needs from outside.
  struct Host {
    const ProcessSource& source;
    const checks::TimeZone& zone;
    // The name of a user; asked for only with resolve-owner.
    std::function<std::string(int64_t uid)> owner;
    // Waits so long; false when nobody waits for the answer any more.
    std::function<bool(int milliseconds)> wait;
  };

  explicit ProcessCheck(Platform platform = ThisPlatform());
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Host& host) const;

 private:
  const Platform platform_;
  checks::Check<ProcessRow> check_;
};

}  // namespace nscp::check_system
