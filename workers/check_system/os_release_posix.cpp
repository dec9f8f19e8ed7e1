#include <sys/utsname.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "workers/check_system/os_release.h"

namespace nscp::check_system {
namespace {

std::string ReadOsRelease() {
  for (const char* path : {"/etc/os-release", "/usr/lib/os-release"}) {
    std::ifstream file(path, std::ios::binary);
    std::string text(kMaxOsRelease, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<size_t>(file.gcount()));
    if (!text.empty()) return text;
  }
  return "";
}

}  // namespace

Result<OsVersion> ReadOsVersion() {
  utsname names{};
  if (::uname(&names) != 0) {
    return Status::Unavailable("Failed to read the kernel's version: " +
                               std::string(std::strerror(errno)));
  }
  OsVersion version;
  version.kernel_name = names.sysname;
  version.nodename = names.nodename;
  version.kernel_release = names.release;
  version.kernel_version = names.version;
  version.machine = names.machine;
  ParseOsRelease(ReadOsRelease(), version);
  if (version.os.empty()) version.os = version.kernel_name;
  return version;
}

}  // namespace nscp::check_system
