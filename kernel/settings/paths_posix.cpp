#include <climits>
#include <filesystem>

#include <unistd.h>

#include "kernel/settings/paths.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

// The folder that holds bin/ or sbin/, or /usr for a program that stands elsewhere. A
// system whose /bin is /usr/bin has "/" for the same prefix.
std::string PrefixOf(const std::string& program_folder) {
  for (const std::string_view name : {"/bin", "/sbin"}) {
    if (!EndsWith(program_folder, name)) continue;
    const std::string prefix =
        program_folder.substr(0, program_folder.size() - name.size());
    return prefix.empty() ? "/usr" : prefix;
  }
  return "/usr";
}

std::string SystemCertificates() {
  constexpr std::string_view kBundles[] = {
      "/etc/ssl/certs/ca-certificates.crt",
      "/etc/pki/tls/certs/ca-bundle.crt",
      "/etc/ssl/ca-bundle.pem",
      "/etc/ssl/cert.pem",
  };
  for (const std::string_view bundle : kBundles) {
    if (access(std::string(bundle).c_str(), R_OK) == 0) return std::string(bundle);
  }
  return std::string(kBundles[0]);
}

}  // namespace

std::string FolderOfThisProgram() {
  char buffer[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", buffer, sizeof buffer);
  if (length <= 0) {
    std::error_code ignored;
    return std::filesystem::current_path(ignored).string();
  }
  const std::string path(buffer, static_cast<size_t>(length));
  const size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

PathTokens::Table BuiltInPaths(const std::string& program_folder) {
  const std::string prefix = PrefixOf(program_folder);
  // /usr shares /etc and /var with the system; any other prefix has its own.
  const std::string root = prefix == "/usr" ? "" : prefix;
  return {
      {"shared-path", prefix + "/lib/nsclient"},
      {"data-path", root + "/var/lib/nsclient"},
      {"storage-path", "${data-path}/storage"},
      {"etc", root + "/etc"},
      {"boot-conf", "${etc}/nsclient/boot.ini"},
      {"temp", "/tmp"},
      {"module-path", "${shared-path}/modules"},
      {"scripts", "${shared-path}/scripts"},
      {"web-path", "${shared-path}/web"},
      {"certificate-path", "${shared-path}/security"},
      {"ca-path", SystemCertificates()},
      {"log-path", root + "/var/log/nsclient"},
      {"cache-folder", "${data-path}/cache"},
      {"crash-folder", "${shared-path}/crash-dumps"},
      {"fleet-folder", "${data-path}/fleet"},
      {"nrpe-dh", "${certificate-path}"},
      {"fleet-state-file", "${data-path}/security/agent-state.json"},
      {"default-ini", "${etc}/nsclient/nsclient.ini"},
  };
}

}  // namespace nscp::kernel
