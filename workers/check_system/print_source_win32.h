// The printers of this computer, from the spooler. Any thread.
#pragma once

#include "workers/check_system/print_source.h"

namespace nscp::check_system {

Result<PrintQueues> ReadWindowsPrintQueues(const std::function<bool()>& cancelled);

}  // namespace nscp::check_system
