#include <algorithm>
#include <utility>

#include "proto/cpp/text.h"
#include "workers/check_system/paging_source.h"
#include "workers/check_system/proc_stat.h"

namespace nscp::check_system {

Result<PagingCounters> ParseVmstat(std::string_view text) {
  PagingCounters counters;
  const std::pair<std::string_view, uint64_t*> wanted[] = {
      {"pgfault ", &counters.page_faults},
      {"pgmajfault ", &counters.major_faults},
      {"pswpin ", &counters.swapped_in},
      {"pswpout ", &counters.swapped_out}};
  bool found = false;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    if (!StartsWith(line, "p")) continue;
    for (const auto& [name, counter] : wanted) {
      if (!StartsWith(line, name)) continue;
      const auto number = ParseCounter(line.substr(name.size()));
      if (number) *counter = *number;
      found = found || number;
    }
  }
  if (!found) {
    return Status::Unavailable("Failed to parse /proc/vmstat: it has no page faults");
  }
  return counters;
}

int64_t ParseSwaps(std::string_view text) {
  // A heading, then a line for each.
  const auto lines = SplitList(text, '\n');
  return lines.empty() ? 0 : static_cast<int64_t>(lines.size()) - 1;
}

}  // namespace nscp::check_system
