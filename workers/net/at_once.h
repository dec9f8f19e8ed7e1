// Asks many hosts at the same time, so that all take about as long as the slowest.
#pragma once

#include <cstddef>
#include <functional>

#include "workers/net/limit.h"

namespace nscp::net {

// Threads of one call, its own included; further hosts wait for their turn.
constexpr size_t kMaxAtOnce = 32;

// Calls `ask(index, limit)` once for each index below `count`, at most kMaxAtOnce at a
// time, and returns when all have come back. Indexes whose turn has not come at the
// deadline, or after `cancelled` turned true, are left out: what they are to say must be
// there before. `cancelled` may be empty; it is called by this thread alone, `ask` by
// several, and must not throw.
void AtOnce(size_t count, Deadline deadline, const std::function<bool()>& cancelled,
            const std::function<void(size_t index, const Limit& limit)>& ask);

}  // namespace nscp::net
