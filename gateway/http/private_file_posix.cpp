#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "gateway/http/private_file.h"
#include "proto/cpp/descriptor_posix.h"
#include "proto/cpp/secret.h"

namespace nscp::gateway {
namespace {

constexpr mode_t kOwnerOnly = 0600;

Status FileError(const std::string& doing, const std::string& file) {
  return Status::Unavailable(doing + " " + file + ": " +
                             std::generic_category().message(errno) +
                             ". Check that the agent may write to this folder");
}

bool WriteAll(int fd, std::string_view contents) {
  while (!contents.empty()) {
    const ssize_t written = ::write(fd, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    contents.remove_prefix(static_cast<size_t>(written));
  }
  return ::fsync(fd) == 0;
}

// A rename is on the disk only when its folder is.
void FlushFolder(const std::string& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.open()) ::fsync(opened.get());
}

}  // namespace

Status WritePrivateFile(const std::string& file, std::string_view contents) {
  const std::filesystem::path parent = std::filesystem::path(file).parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return Status::Unavailable("making the folder " + folder + ": " + error.message() +
                               ". Create it so that the agent may write to it");
  }
  ASSIGN_OR_RETURN(const std::string random, RandomBytes(8));
  const std::string temporary = file + "." + ToHex(random) + ".tmp";
  Descriptor opened(::open(temporary.c_str(),
                           O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                           kOwnerOnly));
  if (!opened.open()) return FileError("creating", temporary);
  const bool written = WriteAll(opened.get(), contents);
  Status result = written ? Status::Ok() : FileError("writing", temporary);
  if (opened.Close() != 0 && result.ok()) result = FileError("closing", temporary);
  if (result.ok() && std::rename(temporary.c_str(), file.c_str()) != 0) {
    result = FileError("renaming " + temporary + " to", file);
  }
  if (result.ok()) {
    FlushFolder(folder);
  } else {
    ::unlink(temporary.c_str());
  }
  return result;
}

}  // namespace nscp::gateway
