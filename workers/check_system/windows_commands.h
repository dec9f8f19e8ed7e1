// The commands of what only Windows has, over sources that tests play on any system.
#pragma once

#include <functional>

#include "workers/check_system/check_hardware.h"
#include "workers/check_system/check_printers.h"
#include "workers/check_system/check_w32time.h"
#include "workers/check_system/commands.h"

namespace nscp::check_system {

struct WindowsSources {
  OpenRegistry registry;
  AskWmi wmi;
  ListDevices devices;
  ReadPrintQueues printers;
  ReadTimeService time_service;
  CounterSource* counters = nullptr;  // outlives the commands
};

// `zone`: how times are printed.
void AddWindowsCommands(const WindowsSources& sources,
                        std::function<checks::TimeZone()> zone, Commands& commands);

}  // namespace nscp::check_system
