#include "kernel/supervisor/output_lines.h"

#include <algorithm>

namespace nscp::kernel {
namespace {

constexpr std::string_view kCutMarker = " [line cut]";

}  // namespace

void OutputLines::Feed(int stream, std::string_view bytes, TimePoint now) {
  Unfinished& unfinished = unfinished_[stream == 0 ? 0 : 1];
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    Append(unfinished, bytes.substr(0, end));
    if (end == std::string_view::npos) return;
    EndLine(unfinished, now);
    bytes.remove_prefix(end + 1);
  }
}

void OutputLines::Append(Unfinished& unfinished, std::string_view bytes) {
  const size_t room = kMaxLineBytes - unfinished.line.size();
  if (bytes.size() > room) unfinished.cut = true;
  unfinished.line.append(bytes.substr(0, room));
}

void OutputLines::EndLine(Unfinished& unfinished, TimePoint now) {
  std::string line = std::move(unfinished.line);
  if (unfinished.cut) {
    line += kCutMarker;
  } else if (!line.empty() && line.back() == '\r') {
    line.pop_back();
  }
  unfinished = {};
  Tell(line, now);
}

void OutputLines::Tell(const std::string& line, TimePoint now) {
  last_.push_back(line);
  last_bytes_ += line.size();
  while (last_.size() > kLastLines || (last_bytes_ > kMaxLastBytes && last_.size() > 1)) {
    last_bytes_ -= last_.front().size();
    last_.pop_front();
  }
  OnTimer(now);
  if (told_ >= kMaxLinesPerSecond) {
    ++lost_;
    return;
  }
  ++told_;
  sink_(line);
}

void OutputLines::OnTimer(TimePoint now) {
  if (now - second_began_ < std::chrono::seconds(1)) return;
  TellLost();
  second_began_ = now;
  told_ = 0;
}

void OutputLines::Finish(TimePoint now) {
  for (Unfinished& unfinished : unfinished_) {
    if (!unfinished.line.empty()) EndLine(unfinished, now);
  }
  TellLost();
}

void OutputLines::TellLost() {
  if (lost_ == 0) return;
  sink_("[" + std::to_string(lost_) + " more lines within a second, left out]");
  lost_ = 0;
}

OutputLines::TimePoint OutputLines::Deadline() const {
  return lost_ == 0 ? TimePoint::max() : second_began_ + std::chrono::seconds(1);
}

}  // namespace nscp::kernel
