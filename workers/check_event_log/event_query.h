// What of a check the system itself can look up, so that a log of gigabytes costs no more
// than what matters: read off the filters, and said in the XPath of Windows' event logs.
// Pure functions; any thread.
//
// Source: "Consuming Events" and "Event Schema" of the Windows documentation; a query has
// at most about 20 comparisons.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workers/check_event_log/event_logs.h"

namespace nscp::check_event_log {

// Beyond, records are looked at one by one.
constexpr size_t kMaxWantedIds = 10;

// What all records have that match one of the filters. A filter that says nothing simple
// about levels (ids) leaves them all in, and so does an empty list.
Wanted WantedOf(const std::vector<std::string>& filters);

// "*[System[(Level=2 or Level=3) and EventRecordID>7]]"; "*" for all.
std::string XPathOf(const ReadRequest& request);

}  // namespace nscp::check_event_log
