#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "proto/cpp/descriptor_posix.h"
#include "workers/check_log_file/log_file.h"

namespace nscp::check_log_file {
namespace {

Status Failed(const char* doing, const std::string& path) {
  const std::string text =
      std::string("Failed to ") + doing + " " + path + ": " + std::strerror(errno);
  const bool missing = errno == ENOENT || errno == ENOTDIR;
  return missing ? Status::NotFound(text) : Status::Unavailable(text);
}

FileState StateOf(const struct stat& found) {
  constexpr int64_t kNanoseconds = 1000000000;
  FileState state;
  state.identity.volume = static_cast<uint64_t>(found.st_dev);
  state.identity.number = static_cast<uint64_t>(found.st_ino);
  state.size = static_cast<uint64_t>(found.st_size);
  state.written = found.st_mtim.tv_sec * kNanoseconds + found.st_mtim.tv_nsec;
  return state;
}

class PosixLogFile final : public LogFile {
 public:
  PosixLogFile(Descriptor file, std::string path)
      : file_(std::move(file)), path_(std::move(path)) {}

  Result<size_t> ReadAt(uint64_t offset, char* out, size_t size) const override {
    for (;;) {
      const ssize_t got = ::pread(file_.get(), out, size, static_cast<off_t>(offset));
      if (got >= 0) return static_cast<size_t>(got);
      if (errno != EINTR) return Failed("read", path_);
    }
  }
  Result<FileState> State() const override {
    struct stat found {};
    if (::fstat(file_.get(), &found) != 0) return Failed("look at", path_);
    return StateOf(found);
  }

 private:
  const Descriptor file_;
  const std::string path_;
};

}  // namespace

Result<std::unique_ptr<LogFile>> OpenLogFile(const std::string& path) {
  // Without waiting: opening a pipe would wait for somebody to write.
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.open()) return Failed("open", path);
  struct stat found {};
  if (::fstat(file.get(), &found) != 0) return Failed("look at", path);
  if (!S_ISREG(found.st_mode)) {
    return Status::FailedPrecondition(path + " is no plain file");
  }
  return std::unique_ptr<LogFile>(std::make_unique<PosixLogFile>(std::move(file), path));
}

Result<FileState> LookAtFile(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return Failed("look at", path);
  return StateOf(found);
}

}  // namespace nscp::check_log_file
