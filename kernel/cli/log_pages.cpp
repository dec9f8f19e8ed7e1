#include "kernel/cli/log_pages.h"

#include <algorithm>

namespace nscp::kernel {

Result<uint64_t> LastLogEntries(KernelClient& client,
                                const std::vector<v1::LogLevel>& levels, uint32_t count,
                                const CallOptions& options,
                                const std::function<bool(const v1::LogEntry&)>& each) {
  v1::ListLogsRequest request;
  for (const v1::LogLevel level : levels) request.add_levels(level);
  request.set_limit(1);
  ASSIGN_OR_RETURN(const v1::ListLogsResponse first, client.ListLogs(request, options));
  const auto kept = static_cast<uint32_t>(std::min<uint64_t>(first.matching(), count));
  request.set_offset(static_cast<uint32_t>(first.matching() - kept));
  uint64_t last = 0;
  for (uint32_t left = kept; left > 0;) {
    request.set_limit(std::min(left, kLogPage));
    ASSIGN_OR_RETURN(const v1::ListLogsResponse page, client.ListLogs(request, options));
    if (page.entries().empty()) break;
    for (const v1::LogEntry& entry : page.entries()) {
      last = entry.index();
      if (!each(entry)) return last;
    }
    left -= std::min(left, static_cast<uint32_t>(page.entries_size()));
    // The oldest may go meanwhile: what follows is counted from what was given.
    request.set_after(last);
    request.set_offset(0);
  }
  return last;
}

}  // namespace nscp::kernel
