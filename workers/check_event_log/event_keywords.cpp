#include "workers/check_event_log/event_keywords.h"

#include "workers/check_event_log/levels.h"
#include "workers/check_event_log/message_text.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_event_log {
namespace {

using checks::Literal;
using checks::Value;
using Row = EventRow;

constexpr uint32_t kCustomerBit = 0x20000000;

int64_t IdOf(const Event& event) { return event.raw_id & 0xffff; }
int64_t FacilityOf(const Event& event) { return event.raw_id >> 16 & 0xfff; }
int64_t SeverityOf(const Event& event) {
  // Of the upper half only where a program of the older kind set one.
  const int64_t bits = event.raw_id >> 30;
  return bits != 0 ? bits : SeverityOfLevel(event.level);
}

template <class WordToNumber>
Result<Value> ConvertWord(const Literal& literal, WordToNumber number_of,
                          const char* known) {
  if (literal.kind == Literal::Kind::kInteger && literal.unit == 0) {
    return Value::Integer(literal.integer);
  }
  const auto number = number_of(literal.text);
  if (number && literal.kind == Literal::Kind::kText) return Value::Integer(*number);
  return Status::InvalidArgument("Unknown level: " + checks::Describe(literal) +
                                 " (known: " + known + ")");
}

Result<Value> ConvertLevel(const Literal& literal, const Row*) {
  return ConvertWord(literal, &LevelOfWord,
                     "critical, error, warning, information, verbose, auditSuccess, "
                     "auditFailure, a number");
}

Result<Value> ConvertSeverity(const Literal& literal, const Row*) {
  return ConvertWord(literal, &SeverityOfWord,
                     "success, informational, warning, error, a number");
}

void AddTexts(checks::Keywords<Row>& k) {
  for (const char* name : {"file", "log"}) {
    k.Text(name, "The log that the event stands in, such as System",
           [](const Row& row) -> std::string_view { return row.event.log; });
  }
  for (const char* name : {"source", "provider"}) {
    k.Text(name, "The program or service that reported the event",
           [](const Row& row) -> std::string_view { return row.event.provider; });
  }
  k.Text("guid", "The GUID of the source; empty where it has none",
         [](const Row& row) -> std::string_view { return row.event.guid; });
  k.Text("computer", "The computer that the event is about",
         [](const Row& row) -> std::string_view { return row.event.computer; });
  k.Text("sid", "The security identifier of the account that the program ran under",
         [](const Row& row) -> std::string_view { return row.event.sid; });
  k.Text("message", "The message in the system's language, on one line",
         [](const Row& row) {
           return OneLine(row.event.texts.Get(EventText::kMessage), row.message_limit);
         });
  const struct {
    const char* name;
    const char* description;
    EventText text;
  } made[] = {
      {"strings", "What is inserted into the message, with commas between",
       EventText::kStrings},
      {"task", "What the source was doing, as it calls it", EventText::kTask},
      {"opcode", "The step within the task, as the source calls it", EventText::kOpcode},
      {"keyword", "The keywords of the event, with commas between", EventText::kKeyword},
      {"user", "The account that the program ran under: DOMAIN\\name", EventText::kUser},
      {"xml", "The whole event as XML, as Windows writes it", EventText::kXml},
  };
  for (const auto& keyword : made) {
    k.Text(keyword.name, keyword.description,
           [text = keyword.text](const Row& row) { return row.event.texts.Get(text); });
  }
}

void AddLevels(checks::Keywords<Row>& k) {
  const struct {
    const char* name;
    const char* description;
  } levels[] = {
      {"level",
       "How serious it is: critical, error, warning, information, verbose, auditSuccess "
       "or auditFailure; or Windows' number, 1 for critical to 5 for verbose"},
      {"type", "The same as level, under its old name"},
  };
  for (const auto& level : levels) {
    k.Integer(level.name, level.description,
              [](const Row& row) { return row.event.level; })
        .Convert(ConvertLevel)
        .Human([](const Row& row) { return std::string(LevelWord(row.event.level)); });
  }
  k.Integer("severity",
            "The severity within the raw id (success, informational, warning, error), "
            "which old programs set; where it is not set it follows the level",
            [](const Row& row) { return SeverityOf(row.event); })
      .Convert(ConvertSeverity)
      .Human([](const Row& row) {
        return std::string(SeverityWord(SeverityOf(row.event)));
      });
}

void AddNumbers(checks::Keywords<Row>& k) {
  k.Integer("id", "The number of the kind of event, as its source counts",
            [](const Row& row) { return IdOf(row.event); });
  k.Integer("rawid", "The id with severity, customer bit and facility above it",
            [](const Row& row) { return int64_t{row.event.raw_id}; });
  for (const char* name : {"facility", "qualifier"}) {
    k.Integer(name, "The facility within the raw id",
              [](const Row& row) { return FacilityOf(row.event); });
  }
  k.Integer(
      "customer", "1 where the raw id has the bit of programs that are not Windows'",
      [](const Row& row) { return (row.event.raw_id & kCustomerBit) != 0 ? 1 : 0; });
  k.Integer("category", "The number of the task",
            [](const Row& row) { return int64_t{row.event.task}; });
}

void AddTimes(checks::Keywords<Row>& k) {
  const auto local = [](int64_t seconds) { return checks::TimeZone().Format(seconds); };
  k.Date("written", "When the event was written", [](const Row& row) {
     return row.event.written;
   }).Human([local](const Row& row) { return local(row.event.written); });
  k.Text("written_str", "When the event was written, as a text in local time",
         [local](const Row& row) { return local(row.event.written); });
  k.Date("generated", "When the program reported the event", [](const Row& row) {
     return row.event.generated;
   }).Human([local](const Row& row) { return local(row.event.generated); });
}

}  // namespace

checks::Keywords<EventRow> EventKeywords() {
  checks::Keywords<Row> k;
  AddTexts(k);
  AddLevels(k);
  AddNumbers(k);
  AddTimes(k);
  return k;
}

std::array<bool, kEventTexts> TextsInUse(
    const std::function<bool(std::string_view keyword)>& uses) {
  const char* const names[kEventTexts] = {"message", "strings", "task", "opcode",
                                          "keyword", "user",    "xml"};
  std::array<bool, kEventTexts> in_use{};
  for (size_t i = 0; i < kEventTexts; ++i) in_use[i] = uses(names[i]);
  return in_use;
}

}  // namespace nscp::check_event_log
