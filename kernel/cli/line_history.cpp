#include "kernel/cli/line_history.h"

#include "kernel/console/secrets.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
LineHistory::LineHistory(std::string file) : file_(std::move(file)) {
  if (file_.empty()) return;
  size_t stored = 0;
  for (std::string& line : Split(ReadHistoryFile(file_), '\n')) {
    ++stored;
    if (!line.empty() && line.size() <= kMaxHistoryLine) Keep(std::move(line));
  }
  if (stored > 2 * kMaxHistoryLines) {
    std::string text;
    for (const std::string& line : lines_) text += line + "\n";
    WriteHistoryFile(file_, text, false);
  }
}

bool LineHistory::Add(const std::string& line) {
  if (Trim(line).empty() || line.size() > kMaxHistoryLine || MayHoldSecret(line) ||
      line.find('\n') != std::string::npos ||
      (!lines_.empty() && lines_.back() == line)) {
    return false;
  }
  Keep(line);
  if (!file_.empty()) WriteHistoryFile(file_, line + "\n", true);
  return true;
}

void LineHistory::Keep(std::string line) {
  lines_.push_back(std::move(line));
  if (lines_.size() > kMaxHistoryLines) lines_.pop_front();
}

}  // namespace nscp::kernel
