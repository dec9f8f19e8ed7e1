// Lines of something that may be huge, binary or without any line end: read piece by
// piece, so that memory does not grow with it. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "workers/check_log_file/log_file.h"

namespace nscp::check_log_file {

// What is longer is cut there, and ends in kCutMark.
constexpr size_t kMaxLine = 64 * 1024;
constexpr char kCutMark[] = "...";
constexpr size_t kMaxSeparator = 256;

struct Line {
  std::string_view text;  // without its end; valid during the visit
  bool complete = true;   // false: the last one, whose end has not been written yet
  bool cut = false;
  uint64_t next = 0;  // where the line behind it begins
};

// False: no more lines are wanted.
using VisitLine = std::function<bool(const Line&)>;

struct LineRange {
  uint64_t from = 0;
  uint64_t to = 0;  // what is written behind it meanwhile is left alone
};

struct LinesRead {
  // Behind the last complete line that was visited.
  uint64_t next = 0;
  size_t cut = 0;  // lines that were longer than kMaxLine
};

// The lines of the range, which begins with a line. `separator` has 1 to kMaxSeparator
// bytes; in front of one that ends in a line feed a carriage return is left out.
// Cancelled once `cancelled` (may be empty) is true.
Result<LinesRead> ReadLines(const ByteSource& source, const LineRange& range,
                            std::string_view separator,
                            const std::function<bool()>& cancelled,
                            const VisitLine& visit);

// Where the last `count` lines of the range begin; its beginning where it has fewer.
Result<uint64_t> StartOfLast(const ByteSource& source, const LineRange& range,
                             std::string_view separator, uint64_t count,
                             const std::function<bool()>& cancelled);

// The n-th part of a line between separators, counted from 1; empty where there is none.
std::string_view ColumnOf(std::string_view line, std::string_view separator, int64_t n);

}  // namespace nscp::check_log_file
