#include "kernel/packages/package.h"

#include <algorithm>
#include <utility>

#include "kernel/modules/manifest.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

// Beside a module's manifest its folder must not look like another manifest, or hide.
bool IsPackageName(const std::string& name) {
  return IsModuleName(name) && name.front() != '.' &&
         !EndsWith(ToLowerAscii(name), ".json");
}

Status CheckProgram(Package& package) {
  const auto program = std::find_if(
      package.files.begin(), package.files.end(),
      [&](const auto& file) { return file.name == package.manifest.program(); });
  if (program == package.files.end()) {
    return Status::InvalidArgument(
        "the manifest's program \"" + package.manifest.program() +
        "\" is not in the archive; it must be a file below " + package.name + "/");
  }
  program->executable = true;
  return Status::Ok();
}

}  // namespace

Result<Package> ReadPackage(std::string_view zip, const std::string& name) {
  if (!IsPackageName(name)) {
    return Status::InvalidArgument("\"" + name + "\" can't be the name of a package");
  }
  ASSIGN_OR_RETURN(std::vector<ArchiveFile> files, ReadArchive(zip, kPackageLimits));
  Package package;
  package.name = name;
  const std::string manifest = name + ".json";
  const std::string folder = name + "/";
  for (ArchiveFile& file : files) {
    if (file.name == manifest) {
      package.manifest_text = std::move(file.bytes);
    } else if (StartsWith(file.name, folder)) {
      package.files.push_back(std::move(file));
    } else {
      return Status::InvalidArgument("the archive holds " + file.name + ": beside " +
                                     manifest + " all files must be below " + folder);
    }
  }
  if (package.manifest_text.empty() || package.manifest_text.size() > kMaxManifestBytes) {
    return Status::InvalidArgument("the archive needs a manifest " + manifest +
                                   " of at most " + std::to_string(kMaxManifestBytes) +
                                   " bytes");
  }
  ASSIGN_OR_RETURN(package.manifest, ParseManifest(package.manifest_text, manifest));
  RETURN_IF_ERROR(CheckManifest(package.manifest, manifest));
  RETURN_IF_ERROR(CheckProgram(package));
  return package;
}

}  // namespace nscp::kernel
