#include "workers/check_log_file/lines.h"

#include <algorithm>
#include <vector>

#include "proto/cpp/text.h"

namespace nscp::check_log_file {
namespace {

constexpr size_t kPiece = 64 * 1024;

bool IsCancelled(const std::function<bool()>& cancelled) {
  return cancelled && cancelled();
}

Status NobodyWaits() {
  return Status::Cancelled("Reading a file was stopped: nobody waits for it");
}

// Puts pieces together to lines. The text of a line that lies within a piece is never
// copied.
class LineMaker {
 public:
  LineMaker(std::string_view separator, uint64_t from, const VisitLine& visit)
      : separator_(separator), visit_(visit), at_(from) {
    read_.next = from;
  }

  // False: no more are wanted.
  bool Take(std::string_view piece);
  // What is left without an end. Not where Take gave false.
  void End();
  const LinesRead& read() const { return read_; }

 private:
  bool Give(std::string_view text, bool complete);
  void Keep(std::string_view text);
  // How much of a separator the end of `text` may be the beginning of.
  size_t OpenEnd(std::string_view text) const;

  const std::string_view separator_;
  const VisitLine& visit_;
  uint64_t at_;        // behind what was taken
  std::string begun_;  // of a line whose end is in a later piece
  bool too_long_ = false;
  std::string tail_;  // what may be the beginning of a separator, not yet in begun_
  LinesRead read_;
};

size_t LineMaker::OpenEnd(std::string_view text) const {
  const size_t most = std::min(text.size(), separator_.size() - 1);
  for (size_t size = most; size > 0; --size) {
    if (EndsWith(text, separator_.substr(0, size))) return size;
  }
  return 0;
}

void LineMaker::Keep(std::string_view text) {
  const size_t room = kMaxLine - std::min(begun_.size(), kMaxLine);
  too_long_ = too_long_ || text.size() > room;
  begun_.append(text.substr(0, room));
}

bool LineMaker::Give(std::string_view text, bool complete) {
  if (!begun_.empty() || too_long_ || text.size() > kMaxLine) {
    Keep(text);
    text = begun_;
  }
  Line line;
  line.complete = complete;
  line.cut = too_long_;
  line.next = at_;
  if (too_long_) {
    begun_ += kCutMark;
    text = begun_;
    ++read_.cut;
  } else if (separator_.back() == '\n' && EndsWith(text, "\r")) {
    text.remove_suffix(1);
  }
  line.text = text;
  if (complete) read_.next = at_;
  const bool more = visit_(line);
  begun_.clear();
  too_long_ = false;
  return more;
}

bool LineMaker::Take(std::string_view piece) {
  // A separator may lie across two pieces.
  std::string joined;
  if (!tail_.empty()) {
    joined = tail_;
    joined.append(piece);
    piece = joined;
    at_ -= tail_.size();
    tail_.clear();
  }
  for (;;) {
    const size_t found = piece.find(separator_);
    if (found == std::string_view::npos) break;
    at_ += found + separator_.size();
    if (!Give(piece.substr(0, found), true)) return false;
    piece.remove_prefix(found + separator_.size());
  }
  const size_t open = OpenEnd(piece);
  Keep(piece.substr(0, piece.size() - open));
  tail_ = std::string(piece.substr(piece.size() - open));
  at_ += piece.size();
  return true;
}

void LineMaker::End() {
  const std::string tail = std::move(tail_);
  if (begun_.empty() && tail.empty()) return;
  Give(tail, false);
}

}  // namespace

Result<LinesRead> ReadLines(const ByteSource& source, const LineRange& range,
                            std::string_view separator,
                            const std::function<bool()>& cancelled,
                            const VisitLine& visit) {
  std::vector<char> piece(kPiece);
  LineMaker maker(separator, range.from, visit);
  for (uint64_t at = range.from; at < range.to;) {
    if (IsCancelled(cancelled)) return NobodyWaits();
    const auto wish = static_cast<size_t>(std::min<uint64_t>(kPiece, range.to - at));
    ASSIGN_OR_RETURN(const size_t got, source.ReadAt(at, piece.data(), wish));
    // It was cut short meanwhile.
    if (got == 0) break;
    at += got;
    if (!maker.Take({piece.data(), got})) return maker.read();
  }
  maker.End();
  return maker.read();
}

Result<uint64_t> StartOfLast(const ByteSource& source, const LineRange& range,
                             std::string_view separator, uint64_t count,
                             const std::function<bool()>& cancelled) {
  if (count == 0) return range.to;
  // Pieces overlap by what a separator across their border needs.
  const uint64_t overlap = separator.size() - 1;
  std::vector<char> piece(kPiece + separator.size());
  uint64_t seen = 0;
  uint64_t until = range.to;  // separators that begin at or behind it were counted
  while (until > range.from) {
    if (IsCancelled(cancelled)) return NobodyWaits();
    const uint64_t begin = until - std::min<uint64_t>(kPiece, until - range.from);
    const auto wish = static_cast<size_t>(std::min(until + overlap, range.to) - begin);
    size_t have = 0;
    while (have < wish) {
      ASSIGN_OR_RETURN(const size_t got,
                       source.ReadAt(begin + have, piece.data() + have, wish - have));
      if (got == 0) break;
      have += got;
    }
    const std::string_view text(piece.data(), have);
    for (size_t at = text.rfind(separator); at != std::string_view::npos;) {
      const uint64_t behind = begin + at + separator.size();
      // The end of the last line is no border between two.
      if (behind < range.to && ++seen == count) return behind;
      until = begin + at;
      at = at < separator.size() ? std::string_view::npos
                                 : text.rfind(separator, at - separator.size());
    }
    until = std::min(until, begin);
  }
  return range.from;
}

std::string_view ColumnOf(std::string_view line, std::string_view separator, int64_t n) {
  if (n < 1 || separator.empty()) return "";
  for (; n > 1; --n) {
    const size_t found = line.find(separator);
    if (found == std::string_view::npos) return "";
    line.remove_prefix(found + separator.size());
  }
  return line.substr(0, line.find(separator));
}

}  // namespace nscp::check_log_file
