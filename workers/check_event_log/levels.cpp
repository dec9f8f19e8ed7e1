#include "workers/check_event_log/levels.h"

#include <algorithm>

#include "proto/cpp/text.h"

namespace nscp::check_event_log {
namespace {

// The audit keywords of the Security log (winmeta.xml of the Windows SDK).
constexpr uint64_t kFailureKeyword = 0x10000000000000;
constexpr uint64_t kSuccessKeyword = 0x20000000000000;

struct LevelName {
  std::string_view word;
  int64_t level;
};

// The first of a level is how it is shown.
constexpr LevelName kLevelNames[] = {
    {"critical", kCritical},         {"error", kError},
    {"warning", kWarning},           {"warn", kWarning},
    {"information", kInformation},   {"informational", kInformation},
    {"info", kInformation},          {"success", kInformation},
    {"verbose", kVerbose},           {"debug", kVerbose},
    {"auditSuccess", kAuditSuccess}, {"auditFailure", kAuditFailure},
};

constexpr LevelName kSeverityNames[] = {
    {"success", 0}, {"ok", 0},   {"informational", 1}, {"information", 1}, {"info", 1},
    {"warning", 2}, {"warn", 2}, {"error", 3},         {"err", 3},
};

// EVENTLOG_ERROR_TYPE and so on of winnt.h.
constexpr struct {
  uint16_t type;
  int64_t level;
} kTypes[] = {{1, kError},         {2, kWarning},  {4, kInformation}, {8, kAuditSuccess},
              {16, kAuditFailure}, {1, kCritical}, {4, kVerbose}};

template <class Names>
std::optional<int64_t> Find(const Names& names, std::string_view word) {
  for (const LevelName& name : names) {
    if (EqualsIgnoreCase(name.word, word)) return name.level;
  }
  return std::nullopt;
}

template <class Names>
std::string_view WordOf(const Names& names, int64_t level, std::string_view otherwise) {
  const auto found =
      std::find_if(std::begin(names), std::end(names),
                   [&](const LevelName& name) { return name.level == level; });
  return found == std::end(names) ? otherwise : found->word;
}

}  // namespace

std::string_view LevelWord(int64_t level) {
  return WordOf(kLevelNames, level, "information");
}

std::optional<int64_t> LevelOfWord(std::string_view word) {
  return Find(kLevelNames, word);
}

int64_t LevelOfRecord(int64_t level, uint64_t keywords) {
  if (level != 0) return level;
  if ((keywords & kFailureKeyword) != 0) return kAuditFailure;
  return (keywords & kSuccessKeyword) != 0 ? kAuditSuccess : 0;
}

int64_t LevelOfType(uint16_t type) {
  for (const auto& known : kTypes) {
    if (known.type == type) return known.level;
  }
  return 0;
}

uint16_t TypeOfLevel(int64_t level) {
  for (const auto& known : kTypes) {
    if (known.level == level) return known.type;
  }
  return 0;
}

std::optional<int64_t> SeverityOfWord(std::string_view word) {
  return Find(kSeverityNames, word);
}

std::string_view SeverityWord(int64_t severity) {
  return WordOf(kSeverityNames, severity, "success");
}

int64_t SeverityOfLevel(int64_t level) {
  switch (level) {
    case kCritical:
    case kError:
    case kAuditFailure:
      return 3;
    case kWarning:
      return 2;
    case kInformation:
    case kVerbose:
      return 1;
    default:
      return 0;
  }
}

}  // namespace nscp::check_event_log
