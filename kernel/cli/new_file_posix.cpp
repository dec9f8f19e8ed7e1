#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "kernel/cli/new_file.h"

namespace nscp::kernel {
namespace {

constexpr mode_t kOwnerAlone = 0600;

Status CantWrite(const std::string& path, int error) {
  const std::string text = "writing " + path + ": " + std::strerror(error);
  if (error == EEXIST) {
    return Status::AlreadyExists(text + "; name another file with --file");
  }
  return Status::PermissionDenied(text + "; name a file elsewhere with --file");
}

bool WriteWhole(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

Status WriteNewFile(const std::string& path, std::string_view bytes) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                      kOwnerAlone);
  if (fd < 0) return CantWrite(path, errno);
  const bool written = fchmod(fd, kOwnerAlone) == 0 && WriteWhole(fd, bytes);
  int error = written ? 0 : errno;
  if (close(fd) != 0 && error == 0) error = errno;
  if (error == 0) return Status::Ok();
  unlink(path.c_str());
  return CantWrite(path, error);
}

}  // namespace nscp::kernel
