#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "workers/check_disk/space.h"

namespace nscp::check_disk {

Result<Space> ReadSpace(const std::string& path) {
  struct statvfs found {};
  if (::statvfs(path.c_str(), &found) != 0) {
    const std::string text =
        "Failed to read the file system of " + path + ": " + std::strerror(errno);
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    return missing ? Status::NotFound(text) : Status::Unavailable(text);
  }
  const uint64_t block = found.f_frsize != 0 ? found.f_frsize : found.f_bsize;
  Space space;
  space.size = found.f_blocks * block;
  // Some network servers tell more free than there is.
  space.free = std::min<uint64_t>(found.f_bfree * block, space.size);
  space.user_free = std::min<uint64_t>(found.f_bavail * block, space.free);
  space.inodes = found.f_files;
  space.inodes_free = std::min<uint64_t>(found.f_ffree, found.f_files);
  space.writable = (found.f_flag & ST_RDONLY) == 0;
  return space;
}

Result<Space> ReadSpaceAs(const std::string&, const Account&) {
  return Status::Unimplemented(
      "check_uncpath cannot connect as another user: mount the share and leave out user "
      "and password");
}

}  // namespace nscp::check_disk
