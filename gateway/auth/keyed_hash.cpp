#include "gateway/auth/keyed_hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <utility>

#include "proto/cpp/secret.h"

namespace nscp::gateway {

KeyedHash::KeyedHash(std::string key) : key_(std::move(key)) {}

Result<KeyedHash> KeyedHash::Create() {
  ASSIGN_OR_RETURN(std::string key, RandomBytes(32));
  return KeyedHash(std::move(key));
}

std::string KeyedHash::Of(std::initializer_list<std::string_view> parts) const {
  std::string message;
  for (const std::string_view part : parts) {
    message += std::to_string(part.size());
    message += ':';
    message += part;
  }
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  const unsigned char* done =
      HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
           reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest,
           &length);
  OPENSSL_cleanse(message.data(), message.size());
  if (done == nullptr) return {};
  return std::string(reinterpret_cast<const char*>(digest), length);
}

}  // namespace nscp::gateway
