#include "gateway/auth/users.h"

#include <algorithm>
#include <utility>

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"
#include "workers/sdk/objects.h"

namespace nscp::gateway {
namespace {

class Reader {
 public:
  Reader(const AccessLoader& loader, const sdk::Settings& settings, std::string root,
         const Access* before, Access& access)
      : loader_(loader),
        settings_(settings),
        root_(std::move(root)),
        before_(before),
        access_(access) {}

  void Read() {
    ReadServer();
    ReadRoles();
    ReadUsers();
  }

 private:
  void ReadServer() {
    access_.allow_anonymous = settings_.GetBool(root_, "allow anonymous access", false);
    access_.hosts = AllowedHosts(settings_.Get(root_, "allowed hosts"),
                                 settings_.GetBool(root_, "cache allowed hosts", true),
                                 loader_.resolver);
    for (const std::string& problem : access_.hosts.problems()) {
      access_.warnings.push_back(problem);
    }
    if (access_.hosts.empty()) {
      access_.errors.push_back(
          "allowed_hosts is empty - rejecting all connections: set 'allowed hosts' "
          "under " +
          root_ + " or /settings/default");
    }
    const auto at_least = [&](const char* key, int64_t otherwise, int64_t lowest) {
      return std::clamp<int64_t>(settings_.GetInt(root_, key, otherwise), lowest,
                                 1000000);
    };
    access_.throttle.max_failures =
        static_cast<unsigned>(at_least("auth rate limit max failures", 10, 0));
    access_.throttle.block =
        std::chrono::seconds(at_least("auth rate limit block seconds", 60, 0));
    for (const std::string& part :
         SplitList(settings_.Get(root_, "legacy query auth user agents"))) {
      access_.legacy_agents.push_back(ToLowerAscii(part));
    }
  }

  void ReadRoles() {
    const std::string path = root_ + "/roles";
    for (const auto& entry : settings_.Keys(path)) {
      const std::string name = ToLowerAscii(entry.key);
      if (name == kAnonymousRole && !access_.allow_anonymous) {
        access_.errors.push_back(
            "WEB role 'anonymous' is ignored: set 'allow anonymous access' "
            "under " +
            root_ + " to true to use it");
        continue;
      }
      Grants grants(entry.value);
      if (grants.has_legacy()) {
        access_.warnings.push_back(
            "SECURITY: WEB role '" + entry.key +
            "' grants the 'legacy' permission, which lets its users run any command");
      }
      access_.roles[name] = std::move(grants);
    }
  }

  // A user without a password can never log in.
  void ReadUsers() {
    const bool disabled = settings_.GetBool(root_, "disable admin user", false);
    const auto list = sdk::ReadObjects(settings_, root_ + "/users");
    for (const std::string& problem : list.problems) {
      access_.errors.push_back("WEB user " + problem);
    }
    for (const sdk::SettingsObject& object : list.objects) {
      if (disabled && object.alias == kAdminUser) {
        access_.errors.push_back(
            "WEB user 'admin' is ignored: 'disable admin user' is true under " + root_);
        continue;
      }
      Add(RepairUtf8(object.alias), object.Get("role"), object.Get("password"));
    }
    if (!disabled && access_.users.count(kAdminUser) == 0) {
      Add(std::string(kAdminUser), "full", settings_.Get(root_, "password"));
    }
  }

  void Add(std::string name, std::string role, std::string password) {
    if (access_.users.size() >= Access::kMaxUsers) {
      access_.errors.push_back("WEB user '" + name + "' is ignored: more than " +
                               std::to_string(Access::kMaxUsers) + " users");
      return;
    }
    std::string fingerprint = loader_.fingerprints->Of({name, password});
    const bool is_plain = !password.empty() && !loader_.is_hashed(password);
    User user{std::move(name), std::move(role), std::move(password),
              std::move(fingerprint)};
    if (is_plain) Hash(user);
    access_.users[user.name] = std::move(user);
  }

  // So that no password stays in this process in clear.
  void Hash(User& user) {
    const User* known = before_ ? before_->FindUser(user.name) : nullptr;
    if (known && known->fingerprint == user.fingerprint && !known->stored.empty()) {
      user.stored = known->stored;
      return;
    }
    auto hashed = loader_.hash(user.stored);
    user.stored.clear();
    if (hashed.ok()) {
      user.stored = std::move(hashed).value();
    } else {
      access_.errors.push_back("WEB user '" + user.name +
                               "' cannot log in: " + hashed.status().message());
    }
  }

  const AccessLoader& loader_;
  const sdk::Settings& settings_;
  const std::string root_;
  const Access* before_;
  Access& access_;
};

}  // namespace

const User* Access::FindUser(std::string_view name) const {
  // Names of sections come repaired from the kernel: a file in Latin-1 and a client that
  // writes Latin-1 still mean the same user.
  const auto found = users.find(RepairUtf8(name));
  return found == users.end() ? nullptr : &found->second;
}

bool Access::RoleAllows(std::string_view role, std::string_view need) const {
  const auto found = roles.find(ToLowerAscii(role));
  return found != roles.end() && found->second.Allow(need);
}

bool Access::IsLegacyAgent(std::string_view user_agent) const {
  const std::string agent = ToLowerAscii(user_agent);
  return std::any_of(
      legacy_agents.begin(), legacy_agents.end(),
      [&](const std::string& part) { return agent.find(part) != std::string::npos; });
}

std::shared_ptr<const Access> AccessLoader::Load(const sdk::Settings& settings,
                                                 std::string_view root,
                                                 const Access* before) const {
  auto access = std::make_shared<Access>();
  Reader(*this, settings, std::string(root), before, *access).Read();
  return access;
}

}  // namespace nscp::gateway
