// Reads any bytes as what tools and files tell of packages, names and versions, and as
// names of services. What comes out is within its bounds.
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/check.h"
#include "workers/check_system/host_name.h"
#include "workers/check_system/installed_software.h"
#include "workers/check_system/os_release.h"
#include "workers/check_system/package_updates.h"
#include "workers/check_system/service_name.h"

namespace cs = nscp::check_system;
using nscp::fuzz::Check;

namespace {

void ReadPackages(std::string_view text) {
  for (const auto parse : {cs::ParseDpkg, cs::ParseRpm, cs::ParsePacman}) {
    const auto packages = parse(text);
    Check(packages.size() <= cs::kMaxPackages);
    for (const cs::Software& package : packages) Check(package.size >= 0);
  }
}

void ReadUpdates(std::string_view text) {
  cs::Updates updates;
  cs::ParseAptUpgrade(text, updates);
  Check(updates.security <= updates.packages.size());
  for (const auto parse :
       {cs::ParseDnfUpdates, cs::ParseZypperUpdates, cs::ParsePacmanUpdates}) {
    Check(parse(text).size() <= text.size());
  }
  Check(cs::CountZypperPatches(text) <= text.size());
}

void ReadNames(std::string_view text) {
  cs::OsVersion version;
  cs::ParseOsRelease(text, version);
  Check(version.os.size() <= text.size());
  const auto name = cs::MakeHostName("host", cs::ParseCanonicalName(text));
  Check(name.fqdn.size() >= name.domain.size());
  const auto id = cs::UnitId(std::string(text));
  if (!id.ok()) return;
  Check(id->find('/') == std::string::npos && id->size() <= cs::kMaxUnitName + 8);
  Check(cs::ServiceName(*id).size() <= id->size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ReadPackages(text);
  ReadUpdates(text);
  ReadNames(text);
  return 0;
}
