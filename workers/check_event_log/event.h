// A record of an event log as checks judge it. Its plain values are read at once; texts
// that cost a call of the system each are made when a keyword first asks for them.
// Values; one thread.
//
// Source: the event schema of Windows (System element: EventID, Level, Task, Keywords,
// EventRecordID and so on), and EVENTLOGRECORD for the older interface.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace nscp::check_event_log {

enum class EventText {
  kMessage,  // in full, with line ends
  kStrings,  // what is inserted into the message, with ", " between
  kTask,
  kOpcode,
  kKeyword,
  kUser,  // DOMAIN\name
  kXml,
};
constexpr size_t kEventTexts = 7;

// Of one text; longer ones are cut.
constexpr size_t kMaxEventText = 64 * 1024;

// Makes the texts of one record.
class TextMaker {
 public:
  virtual ~TextMaker() = default;
  // Empty where there is none.
  virtual std::string Make(EventText which) = 0;
};

// The texts that were made, and who makes the others. Copies share both.
class EventTexts {
 public:
  EventTexts() = default;
  explicit EventTexts(std::unique_ptr<TextMaker> maker);

  // Valid as long as a copy lives.
  std::string_view Get(EventText which) const;
  // Makes those that `wanted` names and lets go of the maker, and with it of the system's
  // record: the others are empty from now on. The bytes of all texts.
  size_t Settle(const std::array<bool, kEventTexts>& wanted);

 private:
  struct Shared {
    std::unique_ptr<TextMaker> maker;
    std::array<std::optional<std::string>, kEventTexts> made;
  };
  std::shared_ptr<Shared> shared_;
};

struct Event {
  uint64_t record = 0;  // its number in the log
  // When it was written: 100 ns since 1601, as exact as the log keeps it.
  uint64_t time = 0;
  int64_t written = 0;    // seconds since 1970
  int64_t generated = 0;  // the same, when the program reported it
  int64_t level = 0;      // levels.h
  // EventID in the lower half, its qualifiers in the upper one.
  uint32_t raw_id = 0;
  uint32_t task = 0;
  uint32_t opcode = 0;
  uint64_t keywords = 0;
  std::string log;
  std::string provider;
  std::string guid;  // of the provider
  std::string computer;
  std::string sid;
  EventTexts texts;
};

// Seconds since 1970 of 100 ns since 1601, and back. Before 1970 it is 0.
int64_t SecondsOfFileTime(uint64_t time);
uint64_t FileTimeOfSeconds(int64_t seconds);

}  // namespace nscp::check_event_log
