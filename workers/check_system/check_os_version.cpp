#include "workers/check_system/check_os_version.h"

namespace nscp::check_system {
namespace {

// What Windows has beyond the words of other systems.
void AddWindowsVersion(checks::Keywords<OsVersion>& k) {
  k.Text("edition", "Edition of Windows, such as ServerStandard or Professional",
         [](const OsVersion& v) -> std::string_view { return v.edition; });
  k.Text("installation", "How Windows is installed: Client, Server or Server Core",
         [](const OsVersion& v) -> std::string_view { return v.installation; });
  k.Integer("major", "First number of the version, such as 10", &OsVersion::major);
  k.Integer("minor", "Second number of the version, such as 0", &OsVersion::minor);
  k.Integer("build", "Build of Windows, such as 20348 for Server 2022",
            &OsVersion::build);
  k.Integer("revision", "Revision of the build, which grows with each monthly update",
            &OsVersion::revision);
}

checks::Keywords<OsVersion> OsVersionKeywords(Platform platform) {
  checks::Keywords<OsVersion> k;
  const struct {
    const char* name;
    const char* description;
    std::string OsVersion::*member;
  } rows[] = {
      {"kernel_name", "Name of the kernel, such as Linux", &OsVersion::kernel_name},
      {"nodename", "Name of this host, as the kernel knows it", &OsVersion::nodename},
      {"kernel_release", "Release of the kernel, such as 6.1.0-18-amd64",
       &OsVersion::kernel_release},
      {"kernel_version", "What was built when, as the kernel tells it",
       &OsVersion::kernel_version},
      {"machine", "Kind of the machine, such as x86_64", &OsVersion::machine},
      {"processor", "Kind of the processor: the same as machine", &OsVersion::machine},
      {"os", "The distribution with its version, such as Debian GNU/Linux 12 (bookworm)",
       &OsVersion::os},
      {"distribution", "Short name of the distribution, such as debian",
       &OsVersion::distribution},
      {"distribution_name", "Name of the distribution, such as Debian GNU/Linux",
       &OsVersion::distribution_name},
      {"version", "Version of the distribution, such as 12", &OsVersion::version},
      {"family", "The distribution that this one is made from, such as debian or rhel",
       &OsVersion::family},
  };
  for (const auto& row : rows) {
    const auto member = row.member;
    k.Text(row.name, row.description,
           [member](const OsVersion& v) -> std::string_view { return v.*member; });
  }
  if (platform == Platform::kWindows) AddWindowsVersion(k);
  return k;
}

checks::Check<OsVersion> MakeOsVersionCheck(Platform platform) {
  checks::FilterDefaults defaults;
  defaults.detail_syntax = "${os} (kernel ${kernel_release})";
  defaults.perf_syntax = "os";
  return {checks::OptionTable(), defaults, OsVersionKeywords(platform)};
}

}  // namespace

OsVersionCheck::OsVersionCheck(Platform platform)
    : check_(MakeOsVersionCheck(platform)) {}

sdk::CheckResult OsVersionCheck::Run(const std::vector<std::string>& arguments,
                                     const checks::Environment& environment,
                                     const Result<OsVersion>& version) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<OsVersion>& sink) -> Status {
        RETURN_IF_ERROR(version.status());
        sink.Add(*version);
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
