// Processes as real-time filters judge them. Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/check_process.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_system {

// `now` in seconds since 1970; `zone` outlives the rows.
std::vector<ProcessRow> RealtimeRows(const std::vector<Process>& processes,
                                     uint64_t ticks_per_second, int64_t now,
                                     const checks::TimeZone& zone);
// The rows of these programs, in any case; one that does not run is a row that is
// stopped.
std::vector<ProcessRow> OfPrograms(const std::vector<ProcessRow>& every,
                                   const std::vector<std::string>& programs);

}  // namespace nscp::check_system
