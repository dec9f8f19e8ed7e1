#include "workers/check_system/windows_version.h"

#include "proto/cpp/text.h"

namespace nscp::check_system {
namespace {

// From this build on a client is Windows 11, which the registry still calls 10.
constexpr int64_t kFirstWindows11 = 22000;
constexpr std::string_view kTen = "Windows 10";

std::string Product(const WindowsFacts& facts) {
  if (facts.product.empty()) return "Windows";
  const bool is_eleven = !facts.is_server && facts.build >= kFirstWindows11 &&
                         StartsWith(facts.product, kTen);
  if (!is_eleven) return facts.product;
  return "Windows 11" + facts.product.substr(kTen.size());
}

}  // namespace

OsVersion MakeWindowsVersion(const WindowsFacts& facts) {
  OsVersion version;
  const std::string build =
      std::to_string(facts.build) + "." + std::to_string(facts.revision);
  const std::string numbers =
      std::to_string(facts.major) + "." + std::to_string(facts.minor);
  version.kernel_name = "Windows NT";
  version.nodename = facts.nodename;
  version.kernel_release = numbers + "." + build;
  version.kernel_version = build;
  version.machine = facts.machine;
  version.distribution = "windows";
  version.distribution_name = Product(facts);
  version.os = version.distribution_name;
  if (!facts.display_version.empty()) version.os += " " + facts.display_version;
  version.version = facts.display_version.empty() ? numbers : facts.display_version;
  version.family = "windows";
  version.edition = facts.edition;
  version.installation = facts.installation;
  version.major = facts.major;
  version.minor = facts.minor;
  version.build = facts.build;
  version.revision = facts.revision;
  return version;
}

}  // namespace nscp::check_system
