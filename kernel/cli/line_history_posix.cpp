#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "kernel/cli/line_history.h"

namespace nscp::kernel {
namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kOwnerFolder = 0700;

class PlainFile {
 public:
  // Neither through a link nor into something that is no plain file.
  PlainFile(const std::string& name, int flags)
      : fd_(open(name.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, kOwnerOnly)) {
    struct stat about {};
    if (fd_ >= 0 && (fstat(fd_, &about) != 0 || !S_ISREG(about.st_mode))) Close();
    if (fd_ >= 0) size_ = about.st_size;
  }
  ~PlainFile() { Close(); }
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;

  int fd() const { return fd_; }
  off_t size() const { return size_; }

 private:
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

  int fd_;
  off_t size_ = 0;
};

void MakeFolders(const std::string& file) {
  for (size_t slash = file.find('/', 1); slash != std::string::npos;
       slash = file.find('/', slash + 1)) {
    mkdir(file.substr(0, slash).c_str(), kOwnerFolder);  // opening tells what failed
  }
}

}  // namespace

std::string ReadHistoryFile(const std::string& name) {
  const PlainFile file(name, O_RDONLY);
  if (file.fd() < 0) return "";
  const auto limit = static_cast<off_t>(kMaxHistoryFile);
  if (file.size() > limit) lseek(file.fd(), file.size() - limit, SEEK_SET);
  std::string text(kMaxHistoryFile, '\0');
  size_t length = 0;
  while (length < text.size()) {
    const ssize_t got = read(file.fd(), text.data() + length, text.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    length += static_cast<size_t>(got);
  }
  text.resize(length);
  return text;
}

void WriteHistoryFile(const std::string& name, std::string_view text, bool append) {
  MakeFolders(name);
  const PlainFile file(name, O_WRONLY | O_CREAT | (append ? O_APPEND : O_TRUNC));
  if (file.fd() < 0 || fchmod(file.fd(), kOwnerOnly) != 0) return;
  // One call, so that lines of two programs do not mix; a full disk loses the line.
  (void)!write(file.fd(), text.data(), text.size());
}

std::string UserHistoryFile() {
  constexpr char kName[] = "/nscp/test_history";
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && state[0] == '/') return std::string(state) + kName;
  const char* home = std::getenv("HOME");
  if (home == nullptr || home[0] != '/') return "";
  return std::string(home) + "/.local/state" + kName;
}

}  // namespace nscp::kernel
