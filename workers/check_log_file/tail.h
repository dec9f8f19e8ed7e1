// Follows one file by its name: gives what is written to it, through rotation (another
// file gets the name), being cut short, being removed and made again. The file stays open
// between two looks, so that what was written before a rotation is not lost. For one
// thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "workers/check_log_file/log_file.h"
#include "workers/check_log_file/position.h"

namespace nscp::check_log_file {

// Of what one call of `take` gets.
constexpr size_t kMaxBatchLines = 5000;
constexpr size_t kMaxBatchBytes = 4 * 1024 * 1024;

class Tail {
 public:
  // False: nothing more is wanted now.
  using Take = std::function<bool(const std::vector<std::string>& lines)>;

  // `entire`: each change gives the whole file again, its last line too when that has no
  // end. Otherwise a line comes once its end is written.
  Tail(std::string path, bool entire) : path_(std::move(path)), entire_(entire) {}

  const std::string& path() const { return path_; }

  // What stands in the file now is old, save a last line without an end.
  Status SkipToEnd();
  // Gives what is new, in batches. Errors but that the file is not there (which is
  // waited for); the next call goes on.
  Status Read(const Take& take);

 private:
  Status Open();
  Status ReadOpen(const Take& take, bool& stopped);
  bool IsUnchanged(const FileState& state) const;
  void Remember(const FileState& state);
  Result<uint64_t> Give(uint64_t from, uint64_t to, bool with_last, const Take& take,
                        bool& stopped) const;

  const std::string path_;
  const bool entire_;
  std::unique_ptr<LogFile> file_;  // null: there is none
  FileIdentity identity_;
  Position position_;
  uint64_t seen_ = 0;          // size at the last look
  int64_t seen_written_ = -1;  // and when it was written
};

}  // namespace nscp::check_log_file
