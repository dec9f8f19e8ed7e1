// What CheckSystem has on one system alone and keeps while it runs. Owned by the module.
// Configure and Stop: one at a time; all else: any thread.
#pragma once

#include <memory>
#include <vector>

#include "workers/check_system/commands.h"
#include "workers/sdk/metric.h"
#include "workers/sdk/module.h"

namespace nscp::check_system {

class PlatformParts {
 public:
  virtual ~PlatformParts() = default;

  // Takes the settings over; watches what they ask for when `watch`. `host` outlives it.
  virtual void Configure(const sdk::Settings&, sdk::Host*, bool /*watch*/) {}
  virtual void Stop() {}
  virtual void AddCommands(Commands&) {}
  virtual void AddMetrics(std::vector<sdk::Metric>&) {}
  virtual sdk::ExecAnswer Exec(const sdk::Query& command, sdk::Call&) {
    return {1, "Command not found: " + command.command};
  }
};

// `zone`: how times are printed.
std::unique_ptr<PlatformParts> MakePlatformParts(std::function<checks::TimeZone()> zone);

}  // namespace nscp::check_system
