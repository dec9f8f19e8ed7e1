#include "gateway/auth/keyed_hash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "proto/cpp/secret.h"

namespace nscp::gateway {
namespace {

constexpr size_t kKeyBytes = 32;

struct FreeMac {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
};
struct FreeContext {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeContext>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Result<KeyedHash> KeyedHash::Create() {
  ASSIGN_OR_RETURN(std::string key, RandomBytes(kKeyBytes));
  const std::unique_ptr<EVP_MAC, FreeMac> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  MacContext context(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
  char digest[] = "SHA256";
  const OSSL_PARAM settings[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  const bool begun =
      context && EVP_MAC_init(context.get(), Bytes(key), key.size(), settings) == 1;
  OPENSSL_cleanse(key.data(), key.size());
  if (!begun) {
    return Status::Internal(
        "preparing to check passwords: this system's OpenSSL offers no HMAC-SHA256");
  }
  return KeyedHash(Begun(std::move(context)));
}

std::string KeyedHash::Of(std::initializer_list<std::string_view> parts) const {
  const MacContext context(EVP_MAC_CTX_dup(begun_.get()));
  if (!context) return {};
  for (const std::string_view part : parts) {
    const std::string length = std::to_string(part.size()) + ':';
    if (EVP_MAC_update(context.get(), Bytes(length), length.size()) != 1) return {};
    if (EVP_MAC_update(context.get(), Bytes(part), part.size()) != 1) return {};
  }
  unsigned char hash[EVP_MAX_MD_SIZE];
  size_t length = 0;
  if (EVP_MAC_final(context.get(), hash, &length, sizeof(hash)) != 1) return {};
  return std::string(reinterpret_cast<const char*>(hash), length);
}

}  // namespace nscp::gateway
