// Certificates out of a file's bytes: PEM (also several, also beside keys), DER, and
// PKCS #12 (PFX) with its password. Pure; any thread. Sources: RFC 5280, RFC 7468,
// RFC 7292; d2i_X509(3), PKCS12_verify_mac(3).
#pragma once

#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_security {

constexpr size_t kMaxCertificatesOfFile = 1000;
// A file says itself how often its password is hashed; Windows and OpenSSL write some
// thousand. More would only cost us time.
constexpr long kMaxPasswordRounds = 5000000;

struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using X509Ptr = std::unique_ptr<X509, FreeX509>;

struct CertificateFile {
  std::vector<X509Ptr> certificates;
  // It holds something known that is no certificate: keys, requests, revocation lists.
  bool holds_other = false;
  Status problem;  // what could not be read of it
};

// No certificate and no problem: there is none in it, see holds_other.
CertificateFile ReadCertificates(std::string_view bytes, const std::string& password);

}  // namespace nscp::check_security
