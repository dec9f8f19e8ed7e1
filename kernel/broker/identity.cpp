#include "kernel/broker/identity.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "proto/cpp/secret.h"

namespace nscp::kernel {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kMaxToken = 256;

}  // namespace

// Without random bytes the tokens could not have been made either; an empty key still
// works.
Identities::Identities() : key_(RandomBytes(kKeyBytes).value_or("")) {}

std::string Identities::Hash(std::string_view token) const {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest,
       &length);
  return {reinterpret_cast<const char*>(digest), length};
}

void Identities::Add(const std::string& token, Identity identity) {
  const std::lock_guard<std::mutex> lock(mutex_);
  by_hash_[Hash(token)] = std::make_shared<const Identity>(std::move(identity));
}

void Identities::Remove(uint64_t incarnation) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto it = by_hash_.begin(); it != by_hash_.end();) {
    it = it->second->incarnation == incarnation ? by_hash_.erase(it) : std::next(it);
  }
}

void Identities::Forget(const std::string& token) {
  const std::lock_guard<std::mutex> lock(mutex_);
  by_hash_.erase(Hash(token));
}

std::shared_ptr<const Identity> Identities::Find(std::string_view token) const {
  if (token.empty() || token.size() > kMaxToken) return nullptr;
  const std::string hash = Hash(token);
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = by_hash_.find(hash);
  return found == by_hash_.end() ? nullptr : found->second;
}

}  // namespace nscp::kernel
