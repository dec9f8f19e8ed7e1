#include "workers/check_security/trust.h"

#include <openssl/err.h>

#include <algorithm>

namespace nscp::check_security {
namespace {

// Beyond, a file's other certificates are no chain but a collection.
constexpr size_t kMaxBeside = 32;

struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
struct FreeContext {
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
};

}  // namespace

TrustStore::TrustStore(const std::vector<X509Ptr>& trusted) : store_(X509_STORE_new()) {
  for (const X509Ptr& one : trusted) {
    if (store_) X509_STORE_add_cert(store_.get(), one.get());
  }
  ERR_clear_error();
}

bool TrustStore::Trusts(X509* certificate, const std::vector<X509Ptr>& beside,
                        int64_t now) const {
  const std::unique_ptr<STACK_OF(X509), FreeStack> others(sk_X509_new_null());
  const std::unique_ptr<X509_STORE_CTX, FreeContext> context(X509_STORE_CTX_new());
  if (!store_ || !others || !context) return false;
  for (size_t i = 0; i < std::min(beside.size(), kMaxBeside); ++i) {
    sk_X509_push(others.get(), beside[i].get());
  }
  bool trusts = false;
  if (X509_STORE_CTX_init(context.get(), store_.get(), certificate, others.get()) == 1) {
    X509_VERIFY_PARAM* wanted = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(wanted, static_cast<time_t>(now));
    X509_VERIFY_PARAM_set_depth(wanted, kMaxChain);
    X509_VERIFY_PARAM_set_flags(wanted, X509_V_FLAG_PARTIAL_CHAIN);
    trusts = X509_verify_cert(context.get()) == 1;
  }
  ERR_clear_error();
  return trusts;
}

}  // namespace nscp::check_security
