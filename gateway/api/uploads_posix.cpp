#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "gateway/api/uploads.h"

namespace nscp::gateway {
namespace {

constexpr mode_t kOwnerOnly = 0700;

Status FolderError(const std::string& folder, const std::string& why) {
  return Status::Unavailable("making the private folder " + folder + ": " + why +
                             ". Remove it, or make it the agent's own");
}

std::string LastError() { return std::generic_category().message(errno); }

}  // namespace

Status MakePrivateFolder(const std::string& folder) {
  if (::mkdir(folder.c_str(), kOwnerOnly) == 0) return Status::Ok();
  if (errno != EEXIST) return FolderError(folder, LastError());
  struct stat found {};
  // Not followed: a link could lead to a folder that others read.
  if (::lstat(folder.c_str(), &found) != 0) return FolderError(folder, LastError());
  if (!S_ISDIR(found.st_mode)) return FolderError(folder, "it is no folder");
  if (found.st_uid != ::geteuid()) {
    return FolderError(folder, "it belongs to another user");
  }
  if ((found.st_mode & 0777) != kOwnerOnly && ::chmod(folder.c_str(), kOwnerOnly) != 0) {
    return FolderError(folder, LastError());
  }
  return Status::Ok();
}

}  // namespace nscp::gateway
