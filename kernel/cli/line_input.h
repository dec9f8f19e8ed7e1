// Lines of standard input that another thread can stop waiting for, and what is printed
// meanwhile. One thread reads; Print and Stop may be called from any. The end of the
// input is an end of lines, nothing else.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "proto/cpp/status.h"

namespace nscp::kernel {

// A longer line is given in pieces.
constexpr size_t kMaxInputLine = 65536;

class LineInput {
 public:
  // Lines as they come, for a pipe, a file, or a terminal that edits them itself.
  static Result<std::unique_ptr<LineInput>> Create();
  virtual ~LineInput() = default;

  // The next line without its end; nothing at the end of the input or after Stop.
  virtual std::optional<std::string> Next() = 0;
  virtual void Stop() = 0;
  // Whole lines to standard output. A line that is being edited is drawn again below.
  virtual void Print(std::string_view text) = 0;
};

// Bytes in, lines out: what both systems' inputs share.
class LineSplitter {
 public:
  void Add(std::string_view bytes) { buffer_ += bytes; }
  std::optional<std::string> Take();
  // What stands after the last line end.
  std::optional<std::string> TakeRest();

 private:
  std::string buffer_;
};

}  // namespace nscp::kernel
