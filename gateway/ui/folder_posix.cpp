#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "gateway/ui/folder.h"
#include "proto/cpp/descriptor_posix.h"

namespace nscp::gateway {
namespace {

Status NotExchanged(const std::string& folder) {
  const int reason = errno;
  return Status::Unavailable("putting the user interface into " + folder + ": " +
                             std::strerror(reason));
}

// So that a power cut does not leave names without contents.
void Sync(const std::string& folder) {
  const Descriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.open()) syncfs(opened.get());
}

}  // namespace

Status ExchangeFolders(const std::string& fresh, const std::string& folder,
                       const std::string& aside) {
  Sync(fresh);
  if (renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, folder.c_str(), RENAME_EXCHANGE) ==
      0) {
    return Status::Ok();
  }
  // There is none yet, or this file system can't exchange two.
  if (rename(fresh.c_str(), folder.c_str()) == 0) return Status::Ok();
  if (rename(folder.c_str(), aside.c_str()) != 0) return NotExchanged(folder);
  if (rename(fresh.c_str(), folder.c_str()) == 0) return Status::Ok();
  const Status status = NotExchanged(folder);
  rename(aside.c_str(), folder.c_str());
  return status;
}

}  // namespace nscp::gateway
