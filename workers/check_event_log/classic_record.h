// Records as ReadEventLogW gives them (EVENTLOGRECORD of winnt.h), read without trust:
// what does not lie within the record is empty. Pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workers/check_event_log/event.h"

namespace nscp::check_event_log {

struct ClassicRecord {
  Event event;  // without texts and log
  std::vector<std::string> strings;
  size_t size = 0;  // where the next one begins
};

// The record that `bytes` begins with; nothing where that is none.
std::optional<ClassicRecord> ReadClassicRecord(std::string_view bytes);

// "S-1-5-18"; empty where the bytes are no SID.
std::string SidText(std::string_view bytes);

// UTF-16, little end first; lone halves of a pair become U+FFFD.
std::string Utf8OfUtf16(std::string_view bytes);

}  // namespace nscp::check_event_log
