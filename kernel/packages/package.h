// A module that somebody has sent as an archive, <Name>.zip: the manifest <Name>.json
// and, below the folder <Name>/, its program and whatever else it brings. Pure; any
// thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "archive/archive.h"
#include "nscp/v1/manifest.pb.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

constexpr ArchiveLimits kPackageLimits = {
    7 * 1024 * 1024,  // less than a message of the contract may have
    32 * 1024 * 1024,
    256,
};

struct Package {
  std::string name;
  v1::Manifest manifest;
  std::string manifest_text;       // as sent
  std::vector<ArchiveFile> files;  // the manifest is none of them
};

// InvalidArgument or FailedPrecondition says what the sender must change: an archive that
// ReadArchive refuses, a file elsewhere, a manifest that is missing or that its rules
// refuse, a program that is not in the package. The program is executable whatever the
// archive says.
Result<Package> ReadPackage(std::string_view zip, const std::string& name);

}  // namespace nscp::kernel
