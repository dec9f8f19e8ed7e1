#include "proto/cpp/password.h"

#include <charconv>
#include <optional>

#include <openssl/evp.h>

#include "proto/cpp/secret.h"
#include "proto/cpp/text.h"

namespace nscp {
namespace {

Result<std::string> Derive(std::string_view plain, std::string_view salt,
                           int iterations) {
  std::string hash(kPasswordHashBytes, '\0');
  const int done = PKCS5_PBKDF2_HMAC(plain.data(), static_cast<int>(plain.size()),
                                     reinterpret_cast<const unsigned char*>(salt.data()),
                                     static_cast<int>(salt.size()), iterations,
                                     EVP_sha256(), static_cast<int>(hash.size()),
                                     reinterpret_cast<unsigned char*>(hash.data()));
  if (done != 1) return Status::Internal("hashing a password: the library refused to");
  return hash;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> FromHex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    const int high = HexDigit(hex[i]), low = HexDigit(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

struct Stored {
  int iterations = 0;
  std::string salt;
  std::string hash;
};

std::optional<Stored> Understand(std::string_view stored) {
  const auto parts = Split(stored.substr(kPasswordPrefix.size()), '$');
  if (parts.size() != 3) return std::nullopt;
  Stored read;
  const char* const end = parts[0].data() + parts[0].size();
  const auto [rest, error] = std::from_chars(parts[0].data(), end, read.iterations);
  if (error != std::errc() || rest != end || read.iterations < 1 ||
      read.iterations > kMaxPasswordIterations) {
    return std::nullopt;
  }
  const auto salt = FromHex(parts[1]);
  const auto hash = FromHex(parts[2]);
  if (!salt || !hash || hash->size() != kPasswordHashBytes) return std::nullopt;
  read.salt = *salt;
  read.hash = *hash;
  return read;
}

}  // namespace

bool IsPasswordHash(std::string_view stored) {
  return StartsWith(stored, kPasswordPrefix);
}

Result<std::string> HashPassword(std::string_view plain) {
  if (plain.empty()) return Status::InvalidArgument("a password can't be empty");
  if (plain.size() > kMaxPasswordBytes) {
    return Status::InvalidArgument("a password is longer than " +
                                   std::to_string(kMaxPasswordBytes) + " bytes");
  }
  ASSIGN_OR_RETURN(const std::string salt, RandomBytes(kPasswordSaltBytes));
  ASSIGN_OR_RETURN(const std::string hash, Derive(plain, salt, kPasswordIterations));
  return std::string(kPasswordPrefix) + std::to_string(kPasswordIterations) + "$" +
         ToHex(salt) + "$" + ToHex(hash);
}

bool VerifyPassword(std::string_view stored, std::string_view presented) {
  if (stored.empty() || presented.empty() || presented.size() > kMaxPasswordBytes)
    return false;
  if (!IsPasswordHash(stored)) return EqualsConstantTime(stored, presented);
  const auto read = Understand(stored);
  if (!read) return false;
  const auto hash = Derive(presented, read->salt, read->iterations);
  return hash.ok() && EqualsConstantTime(*hash, read->hash);
}

}  // namespace nscp
