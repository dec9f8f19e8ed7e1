// The last lines of a kernel's log, in pages that fit a message. One thread.
#pragma once

#include <functional>

#include "proto/cpp/kernel_client.h"

namespace nscp::kernel {

// Entries of one page.
constexpr uint32_t kLogPage = 1000;

// Gives the last `count` entries of `levels` (empty = all) in order; fewer where fewer
// are kept, or `each` answers false. The index of the last one, 0 without any. `options`
// for each call.
Result<uint64_t> LastLogEntries(KernelClient& client,
                                const std::vector<v1::LogLevel>& levels, uint32_t count,
                                const CallOptions& options,
                                const std::function<bool(const v1::LogEntry&)>& each);

}  // namespace nscp::kernel
