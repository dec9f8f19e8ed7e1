// Performance counters from Windows itself, by the library PDH (pdh.dll). Any thread.
#pragma once

#include "workers/check_system/counter_source.h"

namespace nscp::check_system {

std::unique_ptr<CounterSource> MakePdhSource();

}  // namespace nscp::check_system
