#include "proto/cpp/sha256.h"

#include <openssl/sha.h>

#include <array>

#include "proto/cpp/secret.h"

namespace nscp {

std::string Sha256Hex(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         digest.data());
  return ToHex(
      std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace nscp
