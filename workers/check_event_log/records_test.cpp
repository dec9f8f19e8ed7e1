// Records, texts, queries and positions: the parts that know no system.
#include <doctest/doctest.h>

#include "workers/check_event_log/classic_record.h"
#include "workers/check_event_log/event_query.h"
#include "workers/check_event_log/levels.h"
#include "workers/check_event_log/message_text.h"
#include "workers/check_event_log/position.h"

namespace nscp::check_event_log {
namespace {

using Words = std::vector<std::string>;

std::string Little(uint64_t number, size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xff);
  return bytes;
}

std::string Utf16(std::u16string_view text) {
  std::string bytes;
  for (const char16_t c : text) bytes += Little(c, 2);
  return bytes + Little(0, 2);
}

// LocalSystem, S-1-5-18.
const std::string kSystemSid("\x01\x01\0\0\0\0\0\x05\x12\0\0\0", 12);

// An EVENTLOGRECORD by the layout that winnt.h gives (constructed).
std::string MakeRecord(uint32_t strings_claimed = 2) {
  const std::string names = Utf16(u"Disk") + Utf16(u"HOST");
  const std::string strings = Utf16(u"C:") + Utf16(u"gr\u00fc\u00df \U0001f600");
  const size_t sid_at = 56 + names.size();
  const size_t strings_at = sid_at + kSystemSid.size();
  const size_t size = strings_at + strings.size() + 4;
  return Little(size, 4) + Little(0x654c664c, 4) + Little(77, 4) +
         Little(1'700'000'000, 4) + Little(1'700'000'001, 4) + Little(0xc0040007, 4) +
         Little(1, 2) + Little(strings_claimed, 2) + Little(3, 2) + Little(0, 2) +
         Little(0, 4) + Little(strings_at, 4) + Little(kSystemSid.size(), 4) +
         Little(sid_at, 4) + Little(0, 4) + Little(0, 4) + names + kSystemSid + strings +
         Little(size, 4);
}

TEST_CASE("a record of the older interface") {
  const std::string bytes = MakeRecord() + MakeRecord();
  const auto record = ReadClassicRecord(bytes);
  REQUIRE(record);
  CHECK(record->size == MakeRecord().size());
  const Event& event = record->event;
  CHECK(event.record == 77);
  CHECK(event.generated == 1'700'000'000);
  CHECK(event.written == 1'700'000'001);
  CHECK(SecondsOfFileTime(event.time) == 1'700'000'001);
  CHECK(event.raw_id == 0xc0040007);
  CHECK(event.level == kError);
  CHECK(event.task == 3);
  CHECK(event.provider == "Disk");
  CHECK(event.computer == "HOST");
  CHECK(event.sid == "S-1-5-18");
  CHECK(record->strings == Words{"C:", "gr\u00fc\u00df \U0001f600"});
}

TEST_CASE("a damaged record is none, and nothing is read outside of it") {
  const std::string good = MakeRecord();
  for (size_t size = 0; size < good.size(); ++size) {
    CHECK_FALSE(ReadClassicRecord(good.substr(0, size)));
  }
  for (size_t at = 0; at < good.size(); ++at) {
    for (const char byte : {'\0', '\x7f', '\xff'}) {
      std::string bytes = good;
      bytes[at] = byte;
      const auto record = ReadClassicRecord(bytes);
      CHECK((!record || record->size <= bytes.size()));
    }
  }
  const auto many = ReadClassicRecord(MakeRecord(60000));
  REQUIRE(many);
  CHECK(many->strings.size() <= 256);
  CHECK(many->strings[0] == "C:");
}

TEST_CASE("identifiers and text of Windows") {
  CHECK(SidText(kSystemSid) == "S-1-5-18");
  CHECK(SidText(std::string("\x01\x02\0\0\0\0\0\x05\x20\0\0\0\x20\x02\0\0", 16)) ==
        "S-1-5-32-544");
  CHECK(SidText("") == "");
  CHECK(SidText(kSystemSid.substr(0, 11)) == "");
  CHECK(SidText("\x02" + kSystemSid.substr(1)) == "");
  CHECK(Utf8OfUtf16(std::string("a\0\x3d\xd8\x00\xde", 6)) == "a\U0001f600");
  CHECK(Utf8OfUtf16(std::string("\x3d\xd8"
                                "b\0\x00\xde",
                                6)) ==
        "\ufffd"
        "b\ufffd");
  CHECK(Utf8OfUtf16("a") == "");
}

TEST_CASE("strings are put into a message") {
  const Words strings = {"one", "two", "three"};
  const struct {
    const char* message;
    const char* text;
  } rows[] = {
      {"The disk %1 is %2.", "The disk one is two."},
      {"%3%1", "threeone"},
      {"%1!s! and %2!08x!", "one and two"},
      {"%9 and %11", " and "},
      {"100%% of%n%t%1%r", "100% of\n\tone\r"},
      {"first%0second", "first"},
      {"% 5%", "% 5"},
      {"%", ""},
      {"%1!", "one!"},
      {"plain", "plain"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.message);
    CHECK(InsertStrings(row.message, strings) == row.text);
  }
  // A few bytes that name a long string again and again.
  std::string bomb;
  for (int i = 0; i < 10000; ++i) bomb += "%1";
  CHECK(InsertStrings(bomb, {std::string(30000, 'x')}).size() <= kMaxEventText);
  CHECK(OneLine(" a\r\n\tb  c \n", 0) == "a b c");
  CHECK(OneLine("gr\u00fc\u00df", 3) == "gr");
}

TEST_CASE("levels have numbers and words") {
  const struct {
    const char* word;
    int64_t level;
    const char* shown;
  } rows[] = {{"critical", 1, "critical"},
              {"Error", 2, "error"},
              {"warn", 3, "warning"},
              {"success", 4, "information"},
              {"informational", 4, "information"},
              {"debug", 5, "verbose"},
              {"auditsuccess", 8, "auditSuccess"},
              {"auditFailure", 16, "auditFailure"}};
  for (const auto& row : rows) {
    CAPTURE(row.word);
    CHECK(LevelOfWord(row.word) == row.level);
    CHECK(LevelWord(row.level) == row.shown);
  }
  CHECK_FALSE(LevelOfWord("loud"));
  CHECK(LevelWord(0) == "information");
  CHECK(LevelOfRecord(0, 0x8020000000000000) == kAuditSuccess);
  CHECK(LevelOfRecord(0, 0x8010000000000000) == kAuditFailure);
  CHECK(LevelOfRecord(2, 0x8010000000000000) == kError);
  constexpr uint16_t kTypesOfEvents[] = {1, 2, 4, 8, 16};
  for (const uint16_t type : kTypesOfEvents)
    CHECK(TypeOfLevel(LevelOfType(type)) == type);
  CHECK(LevelOfType(0) == 0);
  CHECK(TypeOfLevel(kCritical) == 1);
  CHECK(SeverityWord(*SeverityOfWord("err")) == "error");
}

TEST_CASE("what a filter wants of the system") {
  const struct {
    Words filters;
    std::set<int64_t> levels;
    std::set<int64_t> ids;
  } rows[] = {
      {{}, {}, {}},
      {{"level = 'error'"}, {2}, {}},
      {{"type in ('error', 3, 'CRITICAL')"}, {1, 2, 3}, {}},
      {{"level = 'error' and id = 7 and source = 'x'"}, {2}, {7}},
      {{"(level = 'error' and id in (7, 8)) and message like 'x'"}, {2}, {7, 8}},
      {{"level = 'error' or id = 7"}, {}, {}},
      {{"not level = 'error'"}, {}, {}},
      {{"level != 'error'"}, {}, {}},
      {{"level not in ('error')"}, {}, {}},
      {{"level in ('error', 'auditFailure')"}, {}, {}},
      {{"level = 0"}, {}, {}},
      {{"id = 70000"}, {}, {}},
      {{"id in (1,2,3,4,5,6,7,8,9,10,11)"}, {}, {}},
      {{"severity = 'error'"}, {}, {}},
      {{"level = 'error'", "level = 'warning' and id = 3"}, {2, 3}, {}},
      {{"level = 'error'", "source = 'x'"}, {}, {}},
      {{"level = 'error'", "nonsense ("}, {}, {}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.filters.size());
    CAPTURE(row.filters.empty() ? "" : row.filters.back());
    const Wanted wanted = WantedOf(row.filters);
    CHECK(wanted.levels == row.levels);
    CHECK(wanted.ids == row.ids);
  }
}

TEST_CASE("a request in the query language of Windows") {
  ReadRequest request;
  CHECK(XPathOf(request) == "*");
  request.wanted.levels = {1, 2};
  request.since = 1'700'000'000;
  CHECK(XPathOf(request) ==
        "*[System[(Level=1 or Level=2) and "
        "TimeCreated[@SystemTime>='2023-11-14T22:13:20.000Z']]]");
  request = {};
  request.wanted.ids = {7036};
  request.after = 12;
  request.up_to = 99;
  request.until = 1'700'000'000;
  CHECK(XPathOf(request) ==
        "*[System[(EventID=7036) and EventRecordID>12 and EventRecordID<=99 and "
        "TimeCreated[@SystemTime<'2023-11-14T22:13:21.000Z']]]");
  request = {};
  request.since = -5'000'000'000'000;  // outside of all calendars
  CHECK(XPathOf(request) == "*");
}

TEST_CASE("where a log is read on") {
  const Position kept{50, 500};
  const struct {
    const char* what;
    LogEnds ends;
    std::optional<Position> there;
    uint64_t after;
    bool began_anew;
    bool lost;
  } rows[] = {
      {"more records", {{1, 10}, {60, 600}}, kept, 50, false, false},
      {"nothing new", {{1, 10}, {50, 500}}, kept, 50, false, false},
      {"cleared and empty", {}, {}, 0, true, false},
      {"cleared and shorter", {{1, 700}, {3, 800}}, {}, 0, true, false},
      {"cleared and longer", {{1, 700}, {80, 800}}, Position{50, 750}, 0, true, false},
      {"overwritten up to it", {{51, 510}, {90, 900}}, {}, 50, false, false},
      {"overwritten beyond", {{55, 550}, {90, 900}}, {}, 50, false, true},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const ReadOn on = FindReadOn(kept, row.ends, row.there);
    CHECK(on.after == row.after);
    CHECK(on.began_anew == row.began_anew);
    CHECK(on.lost_records == row.lost);
  }
  CHECK(FindReadOn({}, {{1, 1}, {2, 2}}, {}).after == 0);
  CHECK(MayBeThere(kept, {{1, 10}, {60, 600}}));
  CHECK_FALSE(MayBeThere(kept, {{51, 10}, {60, 600}}));
  CHECK_FALSE(MayBeThere(kept, {{1, 10}, {49, 600}}));
  CHECK(ParsePosition(FormatPosition(kept)) == kept);
  for (const char* damaged : {"", "1|5", "2|5|6", "1|x|6", "1|5|6|7", "1|-5|6", "1||"}) {
    CHECK_FALSE(ParsePosition(damaged));
  }
}

TEST_CASE("times of files and of everybody else") {
  CHECK(SecondsOfFileTime(116444736000000000) == 0);
  CHECK(SecondsOfFileTime(FileTimeOfSeconds(1'700'000'000)) == 1'700'000'000);
  CHECK(SecondsOfFileTime(5) == 0);
  CHECK(SecondsOfFileTime(UINT64_MAX) > 0);
}

}  // namespace
}  // namespace nscp::check_event_log
