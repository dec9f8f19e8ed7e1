#include "gateway/auth/authenticator.h"

#include <utility>

#include "gateway/auth/base64.h"
#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

Identity Refuse(Gate gate, std::string hint) {
  Identity refused;
  refused.gate = gate;
  refused.hint = std::move(hint);
  return refused;
}

Identity Throttled() {
  return Refuse(
      Gate::kThrottle,
      "too many wrong credentials from this address: wait until the block ends ('auth "
      "rate limit block seconds')");
}

Identity LetIn(const User& user, std::string token) {
  Identity who;
  who.gate = Gate::kNone;
  who.user = user.name;
  who.role = user.role;
  who.token = std::move(token);
  return who;
}

// "Basic abc" with `scheme` "Basic" gives "abc"; the scheme is compared without case.
std::optional<std::string_view> AfterScheme(std::string_view header,
                                            std::string_view scheme) {
  const size_t blank = header.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  if (!EqualsIgnoreCase(header.substr(0, blank), scheme)) return std::nullopt;
  return Trim(header.substr(blank));
}

constexpr std::string_view kPasswordHint =
    "wrong user or password: see the users section of the web server's settings, or run "
    "`nscp web password --set`";
constexpr std::string_view kTokenHint =
    "the token is unknown, revoked or expired: log in again with GET /api/v2/login";

}  // namespace

std::string_view GateName(Gate gate) {
  switch (gate) {
    case Gate::kNone:
      return "none";
    case Gate::kAddress:
      return "allowed hosts";
    case Gate::kThrottle:
      return "throttle";
    case Gate::kPassword:
      return "password";
    case Gate::kToken:
      return "token";
    case Gate::kNothing:
      return "no credentials";
    case Gate::kGrant:
      return "grant";
  }
  return "unknown";
}

Result<std::unique_ptr<Authenticator>> Authenticator::Create(
    Clock clock, Passwords passwords, AllowedHosts::Resolver resolver) {
  ASSIGN_OR_RETURN(KeyedHash hash, KeyedHash::Create());
  ASSIGN_OR_RETURN(const std::string nobody, RandomAlphanumerics(32));
  ASSIGN_OR_RETURN(std::string dummy, passwords.hash(nobody));
  return std::unique_ptr<Authenticator>(
      new Authenticator(std::move(clock), std::move(passwords), std::move(resolver),
                        std::move(hash), std::move(dummy)));
}

Authenticator::Authenticator(Clock clock, Passwords passwords,
                             AllowedHosts::Resolver resolver, KeyedHash hash,
                             std::string dummy)
    : passwords_(std::move(passwords)),
      resolver_(std::move(resolver)),
      hash_(hash),
      dummy_(std::move(dummy)),
      tokens_(clock, hash),
      throttle_(clock),
      credentials_(hash),
      access_(std::make_shared<Access>()) {}

std::shared_ptr<const Access> Authenticator::Configure(const sdk::Settings& settings,
                                                       std::string_view root) {
  const std::shared_ptr<const Access> before = access();
  const AccessLoader loader{passwords_.hash, passwords_.is_hashed, resolver_, &hash_};
  std::shared_ptr<const Access> loaded = loader.Load(settings, root, before.get());
  throttle_.SetLimits(loaded->throttle);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    access_ = loaded;
  }
  for (const auto& [name, user] : before->users) {
    const User* now = loaded->FindUser(name);
    if (now && now->fingerprint == user.fingerprint) continue;
    tokens_.RevokeUser(name);
    credentials_.ForgetUser(name);
  }
  return loaded;
}

std::shared_ptr<const Access> Authenticator::access() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return access_;
}

Identity Authenticator::Identify(const Request& request, bool fresh) {
  const std::shared_ptr<const Access> access = this->access();
  if (!access->hosts.Allows(request.remote_address)) {
    return Refuse(Gate::kAddress,
                  "add " + request.remote_address + " to 'allowed hosts'");
  }
  if (const auto header = request.Header("Authorization")) {
    return FromAuthorization(request, *access, fresh, *header);
  }
  const auto password = request.Header("password");
  if (password && !password->empty()) {
    return FromPassword(request, *access, fresh, kAdminUser, *password);
  }
  return FromToken(request, *access);
}

Identity Authenticator::IdentifyPassword(const Request& request, std::string_view user,
                                         std::string_view password, bool fresh) {
  const std::shared_ptr<const Access> access = this->access();
  if (!access->hosts.Allows(request.remote_address)) {
    return Refuse(Gate::kAddress,
                  "add " + request.remote_address + " to 'allowed hosts'");
  }
  return FromPassword(request, *access, fresh, user, password);
}

bool Authenticator::Allows(const Identity& who, std::string_view need) const {
  return who.ok() && access()->RoleAllows(who.role, need);
}

bool Authenticator::IsAlive(const Identity& who) const {
  const std::shared_ptr<const Access> access = this->access();
  const Identity now =
      who.token.empty() ? Anonymous(*access) : WithToken(*access, who.token);
  return now.ok() && now.user == who.user;
}

Identity Authenticator::RefuseGrant(const Identity& who, std::string_view need) {
  const std::string role = who.role.empty() ? "(none)" : who.role;
  return Refuse(Gate::kGrant, "user '" + who.user + "' has the role '" + role +
                                  "', which lacks the grant '" + std::string(need) +
                                  "': add it to that role, or give the user another one");
}

void Authenticator::Revoke(std::string_view token) { tokens_.Revoke(token); }

Identity Authenticator::FromAuthorization(const Request& request, const Access& access,
                                          bool fresh, std::string_view header) {
  if (throttle_.Blocked(request.remote_address)) return Throttled();
  if (header.size() > kMaxCredential) {
    return Failed(request, Gate::kPassword,
                  "the Authorization header is longer than " +
                      std::to_string(kMaxCredential) + " bytes: send a shorter one");
  }
  if (const auto bearer = AfterScheme(header, "Bearer")) {
    Identity who = WithToken(access, *bearer);
    if (!who.ok()) return Failed(request, who.gate, std::move(who.hint));
    throttle_.Succeed(request.remote_address);
    return who;
  }
  const auto basic = AfterScheme(header, "Basic");
  if (!basic)
    return Refuse(Gate::kPassword,
                  "only the schemes Basic and Bearer are known: send one of them");
  const auto decoded = DecodeBase64(*basic);
  const size_t colon = decoded ? decoded->find(':') : std::string::npos;
  if (colon == std::string::npos) {
    return Failed(request, Gate::kPassword,
                  "the Basic credentials are malformed: send user:password in Base64");
  }
  const std::string_view pair = *decoded;
  return FromPassword(request, access, fresh, pair.substr(0, colon),
                      pair.substr(colon + 1));
}

Identity Authenticator::FromPassword(const Request& request, const Access& access,
                                     bool fresh, std::string_view name,
                                     std::string_view password) {
  if (throttle_.Blocked(request.remote_address)) return Throttled();
  if (password.size() > kMaxCredential) {
    return Failed(request, Gate::kPassword,
                  "the password is longer than " + std::to_string(kMaxCredential) +
                      " bytes: send a shorter one");
  }
  const User* user = access.FindUser(name);
  const std::string key =
      user ? credentials_.KeyOf(user->name, user->stored, password) : std::string();
  auto remembered = credentials_.Find(key);
  if (!remembered) {
    // Requests that come together with one credential pay for one slow hash. Unknown
    // users take turns too, or how long a wrong one waits would tell that it exists.
    const Turns::Turn turn(turns_, user ? key : credentials_.KeyOf(name, "", password));
    remembered = credentials_.Find(key);
    if (!remembered && !Verify(user, password)) {
      return Failed(request, Gate::kPassword, std::string(kPasswordHint));
    }
    if (!remembered) credentials_.Remember(key, user->name, "");
  }
  throttle_.Succeed(request.remote_address);
  std::string token = remembered.value_or("");
  if (fresh || !tokens_.Find(token)) {
    auto minted = tokens_.Mint({user->name, user->fingerprint});
    if (!minted.ok()) return Refuse(Gate::kToken, minted.status().message());
    // A token of a login belongs to that login alone: no later request comes to share it.
    credentials_.Remember(key, user->name, fresh ? token : *minted);
    token = std::move(minted).value();
  }
  return LetIn(*user, std::move(token));
}

// Costs one slow hash whatever is wrong: unknown users, users without a password and
// empty passwords cannot be told from the others by time.
bool Authenticator::Verify(const User* user, std::string_view password) const {
  if (user == nullptr || user->stored.empty() || password.empty()) {
    static_cast<void>(passwords_.verify(dummy_, password.empty() ? " " : password));
    return false;
  }
  return passwords_.verify(user->stored, password);
}

// Wrong tokens on this path are neither counted nor throttled (rest-api.md 2.1, step 4).
Identity Authenticator::FromToken(const Request& request, const Access& access) {
  for (const char* name : {"TOKEN", "X-Auth-Token"}) {
    const auto header = request.Header(name);
    if (header && !header->empty()) return WithToken(access, *header);
  }
  for (const char* name : {"TOKEN", "__TOKEN"}) {
    const auto parameter = request.Parameter1(name);
    if (!parameter || parameter->empty()) continue;
    if (access.IsLegacyAgent(request.Header("User-Agent").value_or(""))) {
      Identity who = WithToken(access, *parameter);
      who.from_query = true;
      return who;
    }
    return Refuse(
        Gate::kToken,
        "a token in the query string is taken only from the clients in 'legacy query "
        "auth user agents': send it as a header");
  }
  return Anonymous(access);
}

Identity Authenticator::Anonymous(const Access& access) const {
  if (!access.allow_anonymous) {
    return Refuse(Gate::kNothing, "send credentials: Basic, Bearer or a password header");
  }
  Identity who;
  who.gate = Gate::kNone;
  who.user = kAnonymousRole;
  who.role = kAnonymousRole;
  return who;
}

Identity Authenticator::WithToken(const Access& access, std::string_view token) const {
  const auto owner = tokens_.Find(token);
  const User* user = owner ? access.FindUser(owner->user) : nullptr;
  if (user == nullptr || user->fingerprint != owner->credential) {
    return Refuse(Gate::kToken, std::string(kTokenHint));
  }
  return LetIn(*user, std::string(token));
}

Identity Authenticator::Failed(const Request& request, Gate gate, std::string hint) {
  if (throttle_.Fail(request.remote_address)) {
    hint += "; too many failures in a row, " + request.remote_address + " is now blocked";
  }
  return Refuse(gate, std::move(hint));
}

}  // namespace nscp::gateway
