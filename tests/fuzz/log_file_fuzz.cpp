// Any bytes as a log file, its separators and what was kept about it. The first byte says
// how large the pieces are that the file comes in, the second how much of the rest is the
// separator. Links check_log_file.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/check.h"
#include "workers/check_log_file/bookmarks.h"
#include "workers/check_log_file/lines.h"
#include "workers/check_log_file/text_source.h"
#include "workers/checks/fake_call.h"

namespace {

using namespace nscp::check_log_file;

std::vector<std::string> Lines(const TextSource& source, uint64_t from,
                               const std::string& separator, bool& has_end) {
  std::vector<std::string> lines;
  has_end = true;
  const auto read =
      ReadLines(source, {from, source.size()}, separator, {}, [&](const Line& line) {
        lines.emplace_back(line.text);
        has_end = line.complete;
        nscp::fuzz::Check(line.text.size() <= kMaxLine + sizeof(kCutMark));
        return true;
      });
  nscp::fuzz::Check(read.ok() && read->next <= source.size());
  return lines;
}

// However it comes, it is the same; and the last lines are the last of all lines.
void ReadText(const std::string& text, size_t piece, const std::string& separator) {
  const TextSource whole(text);
  const TextSource parts(text, piece);
  bool has_end = false;
  const auto lines = Lines(whole, 0, separator, has_end);
  nscp::fuzz::Check(Lines(parts, 0, separator, has_end) == lines);
  const uint64_t count = piece % 5 + 1;
  const auto start = StartOfLast(parts, {0, parts.size()}, separator, count, {});
  nscp::fuzz::Check(start.ok() && *start <= parts.size());
  if (separator.size() == 1) {
    const auto last = Lines(whole, *start, separator, has_end);
    nscp::fuzz::Check(last.size() == std::min<size_t>(count, lines.size()));
  }
  const auto position = MakePosition(parts, parts.size(), *start);
  nscp::fuzz::Check(position.ok());
  nscp::fuzz::Check(ResumeAt(*position, whole, whole.size()).value_or(1) == *start);
  nscp::fuzz::Check(ParsePosition(FormatPosition(*position)) == *position ||
                    position->offset == 0);
  for (int64_t n = 0; n < 4; ++n) ColumnOf(text, separator, n);
}

void ReadBookmarks(const std::string& text) {
  nscp::checks::FakeHost host;
  host.stored["bookmarks"]["positions"] = text;
  Bookmarks bookmarks(host);
  bookmarks.Find("a", "/log");
  Position position;
  position.offset = 5;
  nscp::fuzz::Check(bookmarks.Save("a", {{"/log", position}}).ok());
  Bookmarks again(host);
  nscp::fuzz::Check(again.Find("a", "/log") == position);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 3) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ReadBookmarks(std::string(bytes));
  const size_t piece = data[0] % 16 + 1;
  const size_t length = std::min<size_t>(data[1] % 4 + 1, size - 2);
  ReadText(std::string(bytes.substr(2)), piece, std::string(bytes.substr(2, length)));
  ReadText(std::string(bytes.substr(2)), piece, "\n");
  return 0;
}
