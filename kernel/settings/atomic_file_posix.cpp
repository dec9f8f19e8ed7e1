#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/settings/atomic_file.h"
#include "proto/cpp/descriptor_posix.h"

namespace nscp::kernel {
namespace {

constexpr mode_t kNewFileMode = 0640;
constexpr mode_t kNewFolderMode = 0750;
constexpr std::chrono::milliseconds kLockPoll{10};
constexpr int kMaxLinks = 40;  // as the kernel follows (path_resolution(7))

Status Failed(const std::string& doing, const std::string& path, int error) {
  const std::string text = doing + " " + path + ": " + std::strerror(error) +
                           " (errno=" + std::to_string(error) + ")";
  switch (error) {
    case ENOENT:
      return Status::NotFound(text);
    case EACCES:
    case EPERM:
    case EROFS:
      return Status::PermissionDenied(
          text + "; give the account that runs this (uid " + std::to_string(geteuid()) +
          ") write access to the file and its folder, or run the command as root");
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return Status::ResourceExhausted(
          text +
          "; the file is as it was: make room for it (disk, quota, limit of file "
          "sizes) and try again");
    default:
      return Status::Unavailable(text);
  }
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Status WriteAll(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("writing", path, errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return Status::Ok();
}

// Where the owner or group can't be kept, the group loses what it had: it may be another
// one.
Status KeepOwner(int fd, const std::string& target) {
  struct stat old {};
  mode_t mode = kNewFileMode;
  if (stat(target.c_str(), &old) == 0) {
    mode = old.st_mode & 07777;
    if (fchown(fd, old.st_uid, old.st_gid) != 0 &&
        fchown(fd, static_cast<uid_t>(-1), old.st_gid) != 0) {
      mode &= ~static_cast<mode_t>(070);
    }
  }
  if (fchmod(fd, mode) != 0) return Failed("setting the mode of", target, errno);
  return Status::Ok();
}

Status SyncFolder(const std::string& folder) {
  const Descriptor fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems can't sync a folder; the rename itself has happened.
  if (fd.open() && fsync(fd.get()) != 0 && errno != EINVAL) {
    return Failed("syncing the folder", folder, errno);
  }
  return Status::Ok();
}

// The rename would replace it whatever its own rights are: asked for first.
Status CheckReplaceable(const std::string& target) {
  struct stat old {};
  if (stat(target.c_str(), &old) != 0) {
    return errno == ENOENT ? Status::Ok() : Failed("writing", target, errno);
  }
  if (!S_ISREG(old.st_mode)) {
    return Status::FailedPrecondition("writing " + target + ": it is no regular file");
  }
  if (faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) != 0) {
    return Failed("writing", target, errno);
  }
  return Status::Ok();
}

// Errors name the target: nobody knows the temporary file.
Status Replace(const std::string& target, const std::string& temporary,
               std::string_view bytes, const ReplaceGuard& guard) {
  Descriptor fd(open(temporary.c_str(),
                     O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd.open()) return Failed("creating a file beside", target, errno);
  RETURN_IF_ERROR(WriteAll(fd.get(), bytes, target));
  RETURN_IF_ERROR(KeepOwner(fd.get(), target));
  if (fsync(fd.get()) != 0) return Failed("syncing", target, errno);
  if (fd.Close() != 0) return Failed("closing", target, errno);
  if (guard) RETURN_IF_ERROR(guard());
  if (rename(temporary.c_str(), target.c_str()) != 0) {
    return Failed("replacing", target, errno);
  }
  return Status::Ok();
}

class FolderLock final : public StoreLock {
 public:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd() const { return fd_.get(); }

 private:
  Descriptor fd_;  // closing it gives the lock back
};

}  // namespace

Result<std::string> ReadWholeFile(const std::string& path, size_t limit) {
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.open()) return Failed("reading", path, errno);
  std::string bytes;
  char buffer[65536];
  for (;;) {
    const ssize_t got = read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("reading", path, errno);
    if (got == 0) return bytes;
    bytes.append(buffer, static_cast<size_t>(got));
    if (bytes.size() > limit) {
      return Status::ResourceExhausted("reading " + path + ": it is larger than " +
                                       std::to_string(limit) + " bytes");
    }
  }
}

std::string FollowLinks(const std::string& path) {
  std::filesystem::path at = path;
  std::error_code error;
  for (int i = 0; i < kMaxLinks && std::filesystem::is_symlink(at, error); ++i) {
    const auto next = std::filesystem::read_symlink(at, error);
    if (error) break;
    at = at.parent_path() / next;  // an absolute one replaces it
  }
  return at.string();
}

Status WriteFileAtomically(const std::string& path, std::string_view bytes,
                           const ReplaceGuard& guard) {
  const std::string target = FollowLinks(path);
  const std::string folder = FolderOf(target);
  RETURN_IF_ERROR(CheckReplaceable(target));
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) {
    std::filesystem::create_directories(folder, error);
    if (error) return Failed("creating the folder", folder, error.value());
    chmod(folder.c_str(), kNewFolderMode);
  }
  ASSIGN_OR_RETURN(const std::string temporary, TemporaryBeside(target));
  const Status status = Replace(target, temporary, bytes, guard);
  if (!status.ok()) {
    unlink(temporary.c_str());
    return status;
  }
  return SyncFolder(folder);
}

Result<std::unique_ptr<StoreLock>> LockStore(const std::string& path,
                                             std::chrono::milliseconds wait) {
  std::string folder = FolderOf(FollowLinks(path));
  // The folder is not there before the first save; nobody else has a file to change in
  // it.
  std::error_code error;
  while (!std::filesystem::exists(folder, error) && folder != "/" && folder != ".") {
    folder = FolderOf(folder);
  }
  auto lock = std::make_unique<FolderLock>(
      open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (lock->fd() < 0) return Failed("opening the folder", folder, errno);
  const auto end = std::chrono::steady_clock::now() + wait;
  while (flock(lock->fd(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) return Failed("locking the folder", folder, errno);
    if (std::chrono::steady_clock::now() >= end) {
      return Status::DeadlineExceeded("locking " + folder +
                                      ": another process has held it for " +
                                      std::to_string(wait.count()) + " ms; try again");
    }
    std::this_thread::sleep_for(kLockPoll);
  }
  return std::unique_ptr<StoreLock>(std::move(lock));
}

}  // namespace nscp::kernel
