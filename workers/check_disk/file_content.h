// What is only known by opening a file: its lines and checksums, version and owner. Read
// when somebody asks, once, and kept. What is no plain file, or cannot be read, has none.
// Used by one thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace nscp::check_disk {

enum class Checksum { kMd5, kSha1, kSha256, kSha384, kSha512 };
constexpr size_t kChecksums = 5;

class FileContent {
 public:
  // `cancelled` ends the reading of a large file; may be empty.
  FileContent(std::string path, std::function<bool()> cancelled)
      : path_(std::move(path)), cancelled_(std::move(cancelled)) {}

  // Line ends: \n, \r\n or \r. 0 without content.
  int64_t LineCount();
  // Hexadecimal, lower case. Empty without content.
  const std::string& Sum(Checksum kind);
  // As in file_origin.h.
  const std::string& Version();
  const std::string& Owner();

 private:
  const std::string path_;
  const std::function<bool()> cancelled_;
  std::optional<int64_t> lines_;
  std::array<std::optional<std::string>, kChecksums> sums_;
  std::optional<std::string> version_;
  std::optional<std::string> owner_;
};

// Hands the bytes of a plain file to `take`, piece by piece, until it gives false. False
// where the file could not be read to its end.
bool ReadWhole(const std::string& path,
               const std::function<bool(const char* bytes, size_t size)>& take);

}  // namespace nscp::check_disk
