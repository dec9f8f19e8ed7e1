// Remembers passwords that were right, so that polling with Basic or `password` does not
// pay for the slow hash each time. What is kept is a keyed hash over user, stored hash
// and presented password: useless outside of this process and void as soon as the stored
// hash changes. Wrong passwords are never remembered. Owned by the Authenticator; any
// thread.
#pragma once

#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gateway/auth/keyed_hash.h"

namespace nscp::gateway {

class CredentialsCache {
 public:
  static constexpr size_t kMaxRemembered = 256;  // then the one used longest ago goes

  explicit CredentialsCache(KeyedHash hash);

  // The key under which a credential is remembered.
  std::string KeyOf(std::string_view user, std::string_view stored,
                    std::string_view presented) const;
  // The token that was last given out for the credential; may have expired since, or be
  // empty.
  std::optional<std::string> Find(const std::string& key);
  void Remember(const std::string& key, std::string_view user, std::string token);
  void ForgetUser(std::string_view user);
  size_t size() const;

 private:
  struct Entry {
    std::string key;
    std::string user;
    std::string token;
  };
  using Entries = std::list<Entry>;  // last used first

  const KeyedHash hash_;
  mutable std::mutex mutex_;
  Entries entries_;                                            // guarded by mutex_
  std::unordered_map<std::string, Entries::iterator> by_key_;  // guarded by mutex_
};

}  // namespace nscp::gateway
