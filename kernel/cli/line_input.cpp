#include "kernel/cli/line_input.h"

namespace nscp::kernel {

std::optional<std::string> LineSplitter::Take() {
  const size_t end = buffer_.find('\n');
  if (end == std::string::npos) {
    return buffer_.size() < kMaxInputLine ? std::nullopt : TakeRest();
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

std::optional<std::string> LineSplitter::TakeRest() {
  if (buffer_.empty()) return std::nullopt;
  return std::exchange(buffer_, "");
}

}  // namespace nscp::kernel
