// Any bytes as records of the older event log interface, as the text of a message with
// its strings, as a filter that the system is to look up, and as a kept position. Links
// check_event_log.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/utf8.h"
#include "tests/fuzz/check.h"
#include "workers/check_event_log/classic_record.h"
#include "workers/check_event_log/event_query.h"
#include "workers/check_event_log/eventlog_check.h"
#include "workers/check_event_log/message_text.h"
#include "workers/check_event_log/position.h"

namespace {

using namespace nscp::check_event_log;

void ReadRecords(std::string_view bytes) {
  while (const auto record = ReadClassicRecord(bytes)) {
    nscp::fuzz::Check(record->size > 0 && record->size <= bytes.size());
    nscp::fuzz::Check(nscp::IsUtf8(record->event.provider));
    for (const std::string& text : record->strings) {
      nscp::fuzz::Check(nscp::IsUtf8(text));
    }
    bytes.remove_prefix(record->size);
  }
  SidText(bytes);
}

void ReadTexts(const std::string& text) {
  const std::string inserted = InsertStrings(text, {text, "two"});
  nscp::fuzz::Check(inserted.size() <= kMaxEventText);
  nscp::fuzz::Check(OneLine(inserted, 10).size() <= 10);
  ReadRequest request;
  request.wanted = WantedOf({text});
  nscp::fuzz::Check(request.wanted.ids.size() <= kMaxWantedIds);
  nscp::fuzz::Check(!XPathOf(request).empty());
  if (const auto position = ParsePosition(text)) {
    nscp::fuzz::Check(ParsePosition(FormatPosition(*position)) == position);
  }
  (void)ParseScanRange(text).ok();
  OfOldArguments({text});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ReadRecords(bytes);
  ReadTexts(std::string(bytes));
  return 0;
}
