#include "kernel/cli/private_folder.h"

#include <cerrno>
#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

namespace nscp::kernel {

Status MakePrivateFolder(const std::string& path) {
  std::error_code above;
  std::filesystem::create_directories(std::filesystem::u8path(path).parent_path(), above);
  if (::mkdir(path.c_str(), S_IRWXU) == 0) return Status::Ok();
  const int error = errno;
  const std::string text =
      "making the folder " + path + ": errno=" + std::to_string(error);
  return error == EEXIST ? Status::AlreadyExists(text) : Status::Unavailable(text);
}

bool IsPrivateFolder(const std::string& path) {
  struct stat facts {};
  return ::lstat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode) &&
         (facts.st_mode & (S_IRWXG | S_IRWXO)) == 0 &&
         (facts.st_uid == ::geteuid() || facts.st_uid == 0);
}

}  // namespace nscp::kernel
