// Any bytes as a file of certificates and as utmp. The first byte chooses a password.
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/fuzz/check.h"
#include "workers/check_security/certificate_row.h"
#include "workers/check_security/certificates.h"
#include "workers/check_security/trust.h"
#include "workers/check_security/users.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nscp::check_security;
  using nscp::fuzz::Check;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const CertificateFile file = ReadCertificates(bytes, data[0] % 2 == 0 ? "" : "geheim");
  Check(file.certificates.size() <= kMaxCertificatesOfFile);
  const TrustStore store(file.certificates);
  size_t looked_at = 0;
  for (const X509Ptr& certificate : file.certificates) {
    if (++looked_at > 5) break;
    const CertificateRow row = DescribeCertificate(certificate.get());
    Check(row.thumbprint.size() == 40 && row.fingerprint.size() == 64);
    IsSelfSigned(certificate.get());
    store.Trusts(certificate.get(), file.certificates, 1800000000);
  }
  for (const UserSession& session : ParseUtmp(bytes, [](int64_t) { return true; })) {
    Check(!session.user.empty());
  }
  return 0;
}
