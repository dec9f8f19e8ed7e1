// check_eventlog: the records of event logs (modules.md G). Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_event_log/event_keywords.h"
#include "workers/check_event_log/event_logs.h"
#include "workers/checks/bookmarks.h"
#include "workers/checks/check.h"

namespace nscp::check_event_log {

// Records that one call looks at. What the system leaves out by itself (event_query.h)
// does not count.
constexpr size_t kMaxRecords = 1'000'000;
// Bytes of texts that one call keeps because a threshold looks at its rows.
constexpr size_t kMaxKeptBytes = 64 * 1024 * 1024;

class EventlogCheck {
 public:
  // `syntax` replaces the default detail-syntax unless it is empty.
  explicit EventlogCheck(const std::string& syntax = "");

  // `bookmarks` is used by calls that ask for one.
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, EventLogs& logs,
                       checks::Bookmarks& bookmarks) const;

 private:
  checks::Check<EventRow> check_;
};

// The arguments of check_eventlog that those of the old command CheckEventLog mean, such
// as MaxWarn=5, syntax=%source%, filter=severity = 'error'.
std::vector<std::string> OfOldArguments(const std::vector<std::string>& arguments);

// "-24h", "7d", "30": seconds from now, of which a minus means the past.
Result<int64_t> ParseScanRange(const std::string& text);

}  // namespace nscp::check_event_log
