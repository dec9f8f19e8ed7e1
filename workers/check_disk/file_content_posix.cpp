#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vector>

#include "proto/cpp/descriptor_posix.h"
#include "workers/check_disk/file_content.h"

namespace nscp::check_disk {

bool ReadWhole(const std::string& path,
               const std::function<bool(const char* bytes, size_t size)>& take) {
  constexpr size_t kPiece = 256 * 1024;
  // Without waiting: opening a pipe would wait for somebody to write.
  const Descriptor file(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.open()) return false;
  struct stat found {};
  bool whole = ::fstat(file.get(), &found) == 0 && S_ISREG(found.st_mode);
  std::vector<char> piece(whole ? kPiece : 0);
  while (whole) {
    const ssize_t got = ::read(file.get(), piece.data(), piece.size());
    if (got <= 0) return got == 0;
    whole = take(piece.data(), static_cast<size_t>(got));
  }
  return false;
}

}  // namespace nscp::check_disk
