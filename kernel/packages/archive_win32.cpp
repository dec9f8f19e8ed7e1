#include "kernel/packages/archive.h"

namespace nscp::kernel {

Result<std::vector<ArchiveFile>> ReadArchive(std::string_view) {
  return Status::Unimplemented(
      "this agent can't unpack archives on Windows; unpack the module into its modules "
      "folder "
      "by hand");
}

Result<std::string> WriteArchive(const std::vector<ArchiveFile>&) {
  return Status::Unimplemented("this agent can't make archives on Windows");
}

std::string ArchiveLibraryVersion() { return ""; }

}  // namespace nscp::kernel
