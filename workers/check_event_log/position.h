// Where a log is read on. Pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "workers/check_event_log/event_logs.h"

namespace nscp::check_event_log {

// "1|<record>|<time>".
std::string FormatPosition(const Position& position);
// Nothing where the text is none.
std::optional<Position> ParsePosition(std::string_view text);

// Whether the log may still have the record, so that it is worth looking.
bool MayBeThere(const Position& kept, const LogEnds& ends);

struct ReadOn {
  uint64_t after = 0;         // the record to read behind
  bool began_anew = false;    // the log was cleared since
  bool lost_records = false;  // some were overwritten before anybody read them
};

// `there` is what the log now has under the number of `kept`.
ReadOn FindReadOn(const Position& kept, const LogEnds& ends,
                  const std::optional<Position>& there);

}  // namespace nscp::check_event_log
