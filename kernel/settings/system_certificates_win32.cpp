#include <windows.h>

#include <wincrypt.h>

#include <memory>

#include "kernel/settings/atomic_file.h"
#include "kernel/settings/system_certificates.h"

namespace nscp::kernel {
namespace {

constexpr char kFile[] = "${certificate-path}/windows-ca.pem";
constexpr size_t kMaxBytes = 16 * 1024 * 1024;

struct CloseStore {
  void operator()(void* store) const { CertCloseStore(store, 0); }
};

std::string PemOf(const CERT_CONTEXT& certificate) {
  DWORD size = 0;
  CryptBinaryToStringA(certificate.pbCertEncoded, certificate.cbCertEncoded,
                       CRYPT_STRING_BASE64HEADER, nullptr, &size);
  std::string pem(size, '\0');
  if (!CryptBinaryToStringA(certificate.pbCertEncoded, certificate.cbCertEncoded,
                            CRYPT_STRING_BASE64HEADER, pem.data(), &size)) {
    return "";
  }
  pem.resize(size);
  return pem;
}

}  // namespace

Status ExportSystemCertificates(const PathTokens& tokens) {
  const std::string file = tokens.Expand(kFile);
  if (tokens.Expand("${ca-path}") != file) return Status::Ok();
  const std::unique_ptr<void, CloseStore> store(CertOpenSystemStoreW(0, L"ROOT"));
  if (!store) {
    return Status::Unavailable("opening the ROOT store of certificates: error " +
                               std::to_string(GetLastError()));
  }
  std::string all;
  const CERT_CONTEXT* one = nullptr;
  while ((one = CertEnumCertificatesInStore(store.get(), one)) != nullptr) {
    if (all.size() < kMaxBytes) all += PemOf(*one);
  }
  const auto before = ReadWholeFile(file, kMaxBytes * 2);
  if (before.ok() && *before == all) return Status::Ok();
  return WriteFileAtomically(file, all).WithContext(
      "writing the certificates that Windows trusts");
}

}  // namespace nscp::kernel
