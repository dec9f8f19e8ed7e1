// The commands of CheckSystem that are about what the system runs and holds: services,
// packages, its version and name, programs that have run. As commands.h.
#pragma once

#include "workers/check_system/commands.h"
#include "workers/check_system/package_updates.h"
#include "workers/check_system/process_watch.h"

namespace nscp::check_system {

// What these commands share. Belongs to the module and outlives them.
struct SharedUnits {
  const ProcessSource& processes;
  ProcessWatch& watch;
  UpdatesKeeper& updates;
  std::function<checks::TimeZone()> zone;
  std::function<std::string()> bus_address;
};

void AddUnitCommands(SharedUnits shared, Commands& commands);

}  // namespace nscp::check_system
