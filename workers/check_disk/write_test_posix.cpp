#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "proto/cpp/descriptor_posix.h"
#include "workers/check_disk/write_test.h"

namespace nscp::check_disk {
namespace {

using Clock = std::chrono::steady_clock;

int64_t MillisecondsSince(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start)
      .count();
}

std::string Failed(const char* doing) {
  return std::string("failed to ") + doing + ": " + std::strerror(errno);
}

std::string WriteAll(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Failed("write to file");
    content.remove_prefix(static_cast<size_t>(written));
  }
  return ::fsync(file) == 0 ? "" : Failed("sync file to disk");
}

std::string CompareAll(int file, const std::string& content) {
  // So that the disk is read and not the memory, where the system takes the hint.
  ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
  std::string found(content.size() + 1, '\0');
  size_t size = 0;
  while (size < found.size()) {
    const ssize_t got =
        ::pread(file, found.data() + size, found.size() - size, static_cast<off_t>(size));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("read file back");
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  found.resize(size);
  return found == content ? "" : "read back data does not match what was written";
}

}  // namespace

WriteOutcome TestWriting(const std::string& path, size_t bytes) {
  WriteOutcome outcome;
  const auto note = [&](std::string issue) {
    if (!issue.empty()) outcome.issues.push_back(std::move(issue));
  };
  const std::string content = WriteTestContent(bytes);
  const Clock::time_point start = Clock::now();
  Descriptor file(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.open()) {
    note(errno == EEXIST ? "file already exists (refusing to overwrite it)"
                         : Failed("create file"));
    outcome.write_ms = outcome.total_ms = MillisecondsSince(start);
    return outcome;
  }
  note(WriteAll(file.get(), content));
  outcome.write_ms = MillisecondsSince(start);
  if (outcome.issues.empty()) {
    const Clock::time_point read_start = Clock::now();
    note(CompareAll(file.get(), content));
    outcome.read_ms = MillisecondsSince(read_start);
  }
  if (file.Close() != 0) note(Failed("close file"));
  if (::unlink(path.c_str()) != 0) note(Failed("delete file"));
  outcome.total_ms = MillisecondsSince(start);
  return outcome;
}

}  // namespace nscp::check_disk
