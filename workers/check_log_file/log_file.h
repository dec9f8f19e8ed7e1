// A plain file that is read at any place while others write to it, rename it or cut it
// short. Opening one never waits: a pipe or a device is refused. Values that own what is
// open; one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "proto/cpp/status.h"

namespace nscp::check_log_file {

// Which file it is, whatever it is called. Two files of one file system never share one
// while both are open.
struct FileIdentity {
  uint64_t volume = 0;
  uint64_t number = 0;

  bool operator==(const FileIdentity& other) const {
    return volume == other.volume && number == other.number;
  }
  bool operator!=(const FileIdentity& other) const { return !(*this == other); }
};

struct FileState {
  FileIdentity identity;
  uint64_t size = 0;    // bytes
  int64_t written = 0;  // when it was last written, in ticks of the system's own
};

// Something whose bytes can be read at any place: a file, in tests a text.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // At most `size` bytes from `offset` into `out`; 0 at the end. Unavailable when the
  // system fails.
  virtual Result<size_t> ReadAt(uint64_t offset, char* out, size_t size) const = 0;
};

class LogFile : public ByteSource {
 public:
  // As it is now; the file may have grown or shrunk since it was opened.
  virtual Result<FileState> State() const = 0;
};

// NotFound where there is none, FailedPrecondition where it is no plain file, else
// Unavailable; with the system's reason. Links are followed.
Result<std::unique_ptr<LogFile>> OpenLogFile(const std::string& path);
// Without opening it.
Result<FileState> LookAtFile(const std::string& path);

}  // namespace nscp::check_log_file
