// For tests: a text as a file, given in small pieces.
#pragma once

#include <algorithm>
#include <string>

#include "workers/check_log_file/log_file.h"

namespace nscp::check_log_file {

class TextSource : public LogFile {
 public:
  explicit TextSource(std::string text, size_t piece = SIZE_MAX)
      : text_(std::move(text)), piece_(piece) {}

  Result<size_t> ReadAt(uint64_t offset, char* out, size_t size) const override {
    if (offset >= text_.size()) return size_t{0};
    const size_t got =
        std::min({size, piece_, text_.size() - static_cast<size_t>(offset)});
    std::copy_n(text_.data() + offset, got, out);
    return got;
  }
  Result<FileState> State() const override {
    FileState state;
    state.size = text_.size();
    return state;
  }
  uint64_t size() const { return text_.size(); }

 private:
  const std::string text_;
  const size_t piece_;
};

}  // namespace nscp::check_log_file
