// Whether a chain leads from a certificate to one that is trusted (RFC 5280, 6). Used by
// one thread.
#pragma once

#include <openssl/x509_vfy.h>

#include <memory>
#include <vector>

#include "workers/check_security/certificates.h"

namespace nscp::check_security {

constexpr int kMaxChain = 10;

class TrustStore {
 public:
  // Trusts these, which may lie in the middle of a chain too.
  explicit TrustStore(const std::vector<X509Ptr>& trusted);

  // `beside`: what its file holds besides, for the middle of the chain. `now`: seconds
  // since 1970. What it is used for does not matter; a revocation is not looked for.
  bool Trusts(X509* certificate, const std::vector<X509Ptr>& beside, int64_t now) const;

 private:
  struct Free {
    void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  };
  std::unique_ptr<X509_STORE, Free> store_;
};

}  // namespace nscp::check_security
