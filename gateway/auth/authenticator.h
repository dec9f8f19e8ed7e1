// Who asks, and may they? The gate in front of every route (rest-api.md 2 and 3), in the
// order of 2.1. The answer to a client never says which gate refused; the hint for the
// log does.
//
// One object for the life of the gateway: tokens, throttle and remembered credentials
// survive a reload, which swaps the immutable Access. Any thread, several at once.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "gateway/auth/clock.h"
#include "gateway/auth/credentials_cache.h"
#include "gateway/auth/throttle.h"
#include "gateway/auth/tokens.h"
#include "gateway/auth/turns.h"
#include "gateway/auth/users.h"
#include "gateway/http/http.h"
#include "proto/cpp/status.h"

namespace nscp::gateway {

enum class Gate { kNone, kAddress, kThrottle, kPassword, kToken, kNothing, kGrant };
// The word for the log, such as "allowed hosts".
std::string_view GateName(Gate gate);

struct Identity {
  Gate gate = Gate::kNothing;  // kNone = let in
  std::string user;
  std::string role;
  std::string token;        // for the cookies; empty for the anonymous
  bool from_query = false;  // the token stood in the query string
  std::string hint;         // for the log: what would open the gate; never a secret

  bool ok() const { return gate == Gate::kNone; }
};

class Authenticator {
 public:
  static constexpr size_t kMaxCredential = 8192;  // bytes of Authorization and `password`

  struct Passwords {
    std::function<Result<std::string>(std::string_view)> hash;
    std::function<bool(std::string_view stored, std::string_view presented)> verify;
    std::function<bool(std::string_view stored)> is_hashed;
  };
  // PBKDF2 as in proto/cpp/password.h.
  static Passwords DefaultPasswords();

  static Result<std::unique_ptr<Authenticator>> Create(Clock clock, Passwords passwords,
                                                       AllowedHosts::Resolver resolver);

  // Takes the settings of a start or a reload. Tokens of users whose password changed or
  // who are gone are revoked. Gives the snapshot, whose errors and warnings the caller
  // logs.
  std::shared_ptr<const Access> Configure(const sdk::Settings& settings,
                                          std::string_view root);
  std::shared_ptr<const Access> access() const;

  // Everything of 2.1 but the grant. `fresh` asks for a token of its own for a credential
  // that was right (login); otherwise the credential's last token is used again.
  Identity Identify(const Request& request, bool fresh);
  // A password that came another way (/auth/token): allowed hosts, throttle, password.
  Identity IdentifyPassword(const Request& request, std::string_view user,
                            std::string_view password, bool fresh);
  bool Allows(const Identity& who, std::string_view need) const;
  // Would the token that let `who` in still do so, or its absence for the anonymous?
  bool IsAlive(const Identity& who) const;
  // The refusal for a grant that `who` lacks.
  static Identity RefuseGrant(const Identity& who, std::string_view need);
  void Revoke(std::string_view token);

 private:
  Authenticator(Clock clock, Passwords passwords, AllowedHosts::Resolver resolver,
                KeyedHash hash, std::string dummy);

  Identity FromAuthorization(const Request& request, const Access& access, bool fresh,
                             std::string_view header);
  Identity FromPassword(const Request& request, const Access& access, bool fresh,
                        std::string_view user, std::string_view password);
  Identity FromToken(const Request& request, const Access& access);
  Identity Anonymous(const Access& access) const;
  Identity WithToken(const Access& access, std::string_view token) const;
  Identity Failed(const Request& request, Gate gate, std::string hint);
  bool Verify(const User* user, std::string_view password) const;

  const Passwords passwords_;
  const AllowedHosts::Resolver resolver_;
  const KeyedHash hash_;
  const std::string dummy_;  // a stored hash that nobody's password fits
  TokenStore tokens_;
  Throttle throttle_;
  CredentialsCache credentials_;
  Turns turns_;  // of slow hashes
  mutable std::mutex mutex_;
  std::shared_ptr<const Access> access_;  // guarded by mutex_
};

}  // namespace nscp::gateway
