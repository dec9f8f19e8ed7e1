// Who may log in and what each role may do, read from one snapshot of the settings
// (rest-api.md 3.1 to 3.3). The roles' defaults come from the manifest; the admin row is
// made in memory from `password`, nothing is ever written.
//
// Access is immutable once loaded and shared by all requests; any thread may read it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/auth/allowed_hosts.h"
#include "gateway/auth/grants.h"
#include "gateway/auth/keyed_hash.h"
#include "gateway/auth/throttle.h"
#include "proto/cpp/status.h"
#include "workers/sdk/module.h"

namespace nscp::gateway {

inline constexpr std::string_view kAdminUser = "admin";
inline constexpr std::string_view kAnonymousRole = "anonymous";
// Where the module's settings stand when it has no alias.
inline constexpr std::string_view kDefaultRoot = "/settings/WEB/server";

struct User {
  std::string name;
  std::string role;
  std::string stored;  // pbkdf2 form; empty = can never log in
  // Keyed hash of the password as the settings have it: tells whether it changed.
  std::string fingerprint;
};

struct Access {
  static constexpr size_t kMaxUsers = 1024;

  std::map<std::string, User, std::less<>> users;
  std::map<std::string, Grants, std::less<>> roles;  // by lower-cased name
  bool allow_anonymous = false;
  AllowedHosts hosts;
  Throttle::Limits throttle;
  std::vector<std::string> legacy_agents;  // lower-cased parts of User-Agent
  // For the log, at the time it was loaded.
  std::vector<std::string> errors;
  std::vector<std::string> warnings;

  // Nothing when there is no such user or role.
  const User* FindUser(std::string_view name) const;
  bool RoleAllows(std::string_view role, std::string_view need) const;
  // rest-api.md 2.4: may this client send credentials in the query string?
  bool IsLegacyAgent(std::string_view user_agent) const;
};

struct AccessLoader {
  std::function<Result<std::string>(std::string_view password)> hash;
  std::function<bool(std::string_view stored)> is_hashed;
  AllowedHosts::Resolver resolver;
  const KeyedHash* fingerprints = nullptr;

  // `before` lends its hashes to passwords that did not change, so that a reload costs
  // nothing.
  std::shared_ptr<const Access> Load(const sdk::Settings& settings, std::string_view root,
                                     const Access* before) const;
};

}  // namespace nscp::gateway
