#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "proto/cpp/descriptor_posix.h"
#include "workers/check_security/file_bytes.h"

namespace nscp::check_security {
namespace {

Status ErrorOf(int error) {
  const std::string text = std::generic_category().message(error);
  if (error == ENOENT || error == ENOTDIR) return Status::NotFound(text);
  if (error == EACCES || error == EPERM) return Status::PermissionDenied(text);
  return Status::Unavailable(text);
}

Result<std::string> ReadOpen(int file, size_t limit) {
  struct stat found {};
  if (::fstat(file, &found) != 0) return ErrorOf(errno);
  if (!S_ISREG(found.st_mode)) return Status::InvalidArgument("it is no plain file");
  constexpr size_t kPiece = 64 * 1024;
  std::string bytes;
  for (;;) {
    const size_t had = bytes.size();
    bytes.resize(std::min(had + kPiece, limit + 1));
    const ssize_t got = ::read(file, bytes.data() + had, bytes.size() - had);
    if (got < 0) return ErrorOf(errno);
    bytes.resize(had + static_cast<size_t>(got));
    if (bytes.size() > limit) {
      return Status::ResourceExhausted("it is larger than " + std::to_string(limit) +
                                       " bytes");
    }
    if (got == 0) return bytes;
  }
}

}  // namespace

Result<std::string> ReadPlainFile(const std::string& path, size_t limit) {
  // Without waiting: opening a pipe would wait for somebody to write.
  const Descriptor file(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.open()) return ErrorOf(errno);
  return ReadOpen(file.get(), limit);
}

}  // namespace nscp::check_security
