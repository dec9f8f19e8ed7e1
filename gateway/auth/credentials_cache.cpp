#include "gateway/auth/credentials_cache.h"

#include <utility>

namespace nscp::gateway {

CredentialsCache::CredentialsCache(KeyedHash hash) : hash_(std::move(hash)) {}

std::string CredentialsCache::KeyOf(std::string_view user, std::string_view stored,
                                    std::string_view presented) const {
  return hash_.Of({user, stored, presented});
}

std::optional<std::string> CredentialsCache::Find(const std::string& key) {
  if (key.empty()) return std::nullopt;
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->token;
}

void CredentialsCache::Remember(const std::string& key, std::string_view user,
                                std::string token) {
  if (key.empty()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = by_key_.find(key);
  if (found != by_key_.end()) {
    found->second->token = std::move(token);
    return;
  }
  if (entries_.size() >= kMaxRemembered) {
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
  entries_.push_front({key, std::string(user), std::move(token)});
  by_key_[key] = entries_.begin();
}

void CredentialsCache::ForgetUser(std::string_view user) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    if (entry->user != user) {
      ++entry;
      continue;
    }
    by_key_.erase(entry->key);
    entry = entries_.erase(entry);
  }
}

size_t CredentialsCache::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return entries_.size();
}

}  // namespace nscp::gateway
