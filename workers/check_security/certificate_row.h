// One certificate as the check sees it, and what a certificate comes to. Any thread.
#pragma once

#include <openssl/x509.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "workers/check_security/certificates.h"
#include "workers/checks/keywords.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_security {

// Keys with fewer bits are weak (NIST SP 800-57 part 1, 112 bits of security).
constexpr int kWeakRsaBits = 2048;
constexpr int kWeakCurveBits = 224;

struct CertificateRow {
  std::string subject;     // common name, else organisation, else all
  std::string subject_dn;  // "CN=example.org,O=Example"
  std::string issuer;
  std::string issuer_dn;
  std::string names;        // "example.org, www.example.org, 10.0.0.1"
  std::string serial;       // upper-case hex
  std::string thumbprint;   // SHA-1 of all of it, upper-case hex
  std::string fingerprint;  // SHA-256
  std::string signature_algorithm;
  std::string key_type;    // "RSA", "EC", "ED25519"
  int key_size = 0;        // bits
  std::string source;      // the file
  int64_t valid_from = 0;  // seconds since 1970
  int64_t valid_to = 0;
  bool weak_key = false;
  bool weak_signature = false;
  // Dear ones: filled in when somebody looks at them.
  bool self_signed = false;
  bool trusted = false;

  int64_t now = 0;
  const checks::TimeZone* zone = nullptr;

  int64_t ExpiresInSeconds() const { return valid_to - now; }
  int64_t ExpiresInDays() const;  // whole days; negative once it has expired
};

// Without `source`, `now`, `zone` and the dear ones.
CertificateRow DescribeCertificate(X509* certificate);
bool IsSelfSigned(X509* certificate);

checks::Keywords<CertificateRow> CertificateKeywords();

}  // namespace nscp::check_security
