// The login tokens that are alive (rest-api.md 2.2). In memory only: a restart of the
// gateway makes all clients log in again. Owned by the Authenticator; any thread.
#pragma once

#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gateway/auth/clock.h"
#include "gateway/auth/keyed_hash.h"
#include "proto/cpp/status.h"

namespace nscp::gateway {

class TokenStore {
 public:
  static constexpr size_t kTokenLength = 32;         // of [0-9A-Za-z]
  static constexpr std::chrono::hours kLifetime{8};  // from creation; use adds nothing
  static constexpr size_t kMaxTokens = 4096;         // then the oldest goes

  TokenStore(Clock clock, KeyedHash hash);

  struct Owner {
    std::string user;
    // What the token was given for (User::fingerprint); it is void once that has changed.
    std::string credential;
  };

  // A new token of `owner`. Sweeps expired ones first.
  Result<std::string> Mint(const Owner& owner);
  // Whose token it is; nothing when unknown, expired or made in the future.
  std::optional<Owner> Find(std::string_view token) const;
  void Revoke(std::string_view token);
  void RevokeUser(std::string_view user);
  size_t size() const;

 private:
  struct Entry {
    std::string key;  // keyed hash of the token: a look-up says nothing about near misses
    Owner owner;
    TimePoint created;
  };
  using Entries = std::list<Entry>;  // oldest first

  bool Alive(const Entry& entry, TimePoint now) const;
  void Erase(Entries::iterator entry);

  const Clock clock_;
  const KeyedHash hash_;
  mutable std::mutex mutex_;
  Entries entries_;                                            // guarded by mutex_
  std::unordered_map<std::string, Entries::iterator> by_key_;  // guarded by mutex_
};

// `length` characters of [0-9A-Za-z] from the system's generator.
Result<std::string> RandomAlphanumerics(size_t length);

}  // namespace nscp::gateway
