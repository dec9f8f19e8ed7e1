#include "gateway/certificates.h"

#include <filesystem>
#include <system_error>

namespace nscp::gateway {
namespace {

bool Exists(const std::string& file) {
  std::error_code error;
  return !file.empty() && std::filesystem::exists(std::filesystem::u8path(file), error);
}

// Makes what can be made; the log says what was missing.
void MakeMissing(const std::string& file, const LogFunction& log) {
  const std::filesystem::path path = std::filesystem::u8path(file);
  const bool certificate = path.filename() == "certificate.pem";
  const bool authority = path.filename() == "ca.pem";
  if (!certificate && !authority) {
    log(sdk::LogLevel::kError, "Certificate not found: " + file);
    return;
  }
  if (!Exists(path.parent_path().u8string())) {
    log(sdk::LogLevel::kInfo,
        "Creating certificate folder: " + path.parent_path().u8string());
  }
  log(sdk::LogLevel::kInfo,
      authority
          ? "CA not found: " + file + " (generating a default CA)"
          : "Certificate not found: " + file + " (generating a default certificate)");
  const Status made = authority ? MakeCertificateAuthority(file) : MakeCertificate(file);
  if (!made.ok()) log(sdk::LogLevel::kError, made.message());
}

}  // namespace

Result<Material> PrepareCertificate(const std::string& certificate,
                                    const std::string& key, bool allow_insecure,
                                    const LogFunction& log) {
  if (!Exists(certificate)) MakeMissing(certificate, log);
  Material material;
  if (Exists(certificate)) {
    material.tls = TlsOptions{certificate, key};
    return material;
  }
  if (allow_insecure) return material;
  return Status::FailedPrecondition(
      "the certificate " + certificate +
      " is missing, the web server does not listen: set 'certificate' under "
      "/settings/WEB/server to a file in PEM form, or 'allow insecure' to true");
}

}  // namespace nscp::gateway
