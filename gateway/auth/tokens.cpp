#include "gateway/auth/tokens.h"

#include <utility>

#include "proto/cpp/secret.h"

namespace nscp::gateway {

Result<std::string> RandomAlphanumerics(size_t length) {
  static constexpr std::string_view kAlphabet =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  // Bytes from here on would make the first characters more likely than the others.
  constexpr size_t kFair = 256 / kAlphabet.size() * kAlphabet.size();
  std::string text;
  while (text.size() < length) {
    ASSIGN_OR_RETURN(const std::string random, RandomBytes(length * 2));
    for (const char c : random) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < kFair && text.size() < length)
        text += kAlphabet[byte % kAlphabet.size()];
    }
  }
  return text;
}

TokenStore::TokenStore(Clock clock, KeyedHash hash)
    : clock_(std::move(clock)), hash_(std::move(hash)) {}

Result<std::string> TokenStore::Mint(const Owner& owner) {
  ASSIGN_OR_RETURN(std::string token, RandomAlphanumerics(kTokenLength));
  const TimePoint now = clock_();
  std::string key = hash_.Of({token});
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const auto next = std::next(entry);
    if (!Alive(*entry, now)) Erase(entry);
    entry = next;
  }
  while (entries_.size() >= kMaxTokens) Erase(entries_.begin());
  entries_.push_back({key, owner, now});
  by_key_[std::move(key)] = std::prev(entries_.end());
  return token;
}

std::optional<TokenStore::Owner> TokenStore::Find(std::string_view token) const {
  if (token.size() != kTokenLength) return std::nullopt;
  const std::string key = hash_.Of({token});
  const TimePoint now = clock_();
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || !Alive(*found->second, now)) return std::nullopt;
  return found->second->owner;
}

void TokenStore::Revoke(std::string_view token) {
  const std::string key = hash_.Of({token});
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = by_key_.find(key);
  if (found != by_key_.end()) Erase(found->second);
}

void TokenStore::RevokeUser(std::string_view user) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const auto next = std::next(entry);
    if (entry->owner.user == user) Erase(entry);
    entry = next;
  }
}

size_t TokenStore::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return entries_.size();
}

bool TokenStore::Alive(const Entry& entry, TimePoint now) const {
  return entry.created <= now && now - entry.created < kLifetime;
}

void TokenStore::Erase(Entries::iterator entry) {
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

}  // namespace nscp::gateway
