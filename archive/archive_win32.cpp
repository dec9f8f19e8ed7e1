#include "archive/archive.h"

namespace nscp {

Result<std::vector<ArchiveFile>> ReadArchive(std::string_view, const ArchiveLimits&) {
  return Status::Unimplemented(
      "this agent can't unpack archives on Windows; unpack it into its folder by hand");
}

Result<std::string> WriteArchive(const std::vector<ArchiveFile>&, const ArchiveLimits&) {
  return Status::Unimplemented("this agent can't make archives on Windows");
}

std::string ArchiveLibraryVersion() { return ""; }

}  // namespace nscp
