// `nscp wmi`: queries, classes and namespaces on the command line. Source: modules.md G,
// the command line's specification A.3.
#pragma once

#include "workers/check_wmi/check_wmi.h"
#include "workers/check_wmi/targets.h"

namespace nscp::check_wmi {

sdk::ExecAnswer RunCommand(const sdk::Query& command, const Source& source,
                           const Targets& targets, const wmi::Limits& limits);

}  // namespace nscp::check_wmi
