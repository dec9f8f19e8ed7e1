// The levels of events and the words for them. The number is Windows' own: 1 critical, 2
// error, 3 warning, 4 information, 5 verbose; 8 and 16 stand for audits that succeeded
// and failed, which have level 0 and a keyword. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace nscp::check_event_log {

constexpr int64_t kCritical = 1;
constexpr int64_t kError = 2;
constexpr int64_t kWarning = 3;
constexpr int64_t kInformation = 4;
constexpr int64_t kVerbose = 5;
constexpr int64_t kAuditSuccess = 8;
constexpr int64_t kAuditFailure = 16;

// The word of a level; what has none, such as 0, is shown as information, as Windows' own
// viewer does.
std::string_view LevelWord(int64_t level);
// In any case; nothing for a word that is none.
std::optional<int64_t> LevelOfWord(std::string_view word);

// Of the level and keywords of a record.
int64_t LevelOfRecord(int64_t level, uint64_t keywords);
// Of EVENTLOGRECORD's EventType, and back (0 where it has none).
int64_t LevelOfType(uint16_t type);
uint16_t TypeOfLevel(int64_t level);

// The two upper bits of a raw id: 0 success, 1 informational, 2 warning, 3 error.
std::optional<int64_t> SeverityOfWord(std::string_view word);
std::string_view SeverityWord(int64_t severity);
int64_t SeverityOfLevel(int64_t level);

}  // namespace nscp::check_event_log
