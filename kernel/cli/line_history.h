// The lines that were typed before: in memory, and in a file of the user's own (mode
// 0600) that several programs may add to at once. Lines that may hold a secret are not
// kept. One thread.
#pragma once

#include <deque>
#include <string>
#include <string_view>

namespace nscp::kernel {

constexpr size_t kMaxHistoryLines = 500;  // then the oldest goes
constexpr size_t kMaxHistoryLine = 1024;  // bytes; a longer line is not kept
// Of a larger file the end is read.
constexpr size_t kMaxHistoryFile = 2 * kMaxHistoryLines * kMaxHistoryLine;

class LineHistory {
 public:
  // What can't be read or written is not there: an empty name, a folder that can't be
  // made, a file that is a link or no file. Missing folders are made with mode 0700.
  explicit LineHistory(std::string file);

  const std::deque<std::string>& lines() const { return lines_; }
  // False when it was not kept: empty, too long, the same as the last one, a secret.
  bool Add(const std::string& line);

 private:
  void Keep(std::string line);

  const std::string file_;
  std::deque<std::string> lines_;  // oldest first
};

// The platform's part. Bytes of the file's end, at most kMaxHistoryFile; empty without
// one.
std::string ReadHistoryFile(const std::string& file);
// Adds one line, or without `append` replaces the whole content.
void WriteHistoryFile(const std::string& file, std::string_view text, bool append);
// $XDG_STATE_HOME/nscp/test_history, else below $HOME/.local/state; empty without either.
std::string UserHistoryFile();

}  // namespace nscp::kernel
