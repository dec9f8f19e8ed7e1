#include "gateway/auth/users.h"

#include <algorithm>
#include <set>
#include <utility>

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::gateway {
namespace {

constexpr std::string_view kDefaultObject = "default";

// A user's section with what it inherits (cli-settings-install.md B, objects).
struct Object {
  std::string name;
  std::string password;
  std::string role;
  bool is_template = false;
};

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

  void ReadUsers() {
    const bool disabled = settings_.GetBool(root_, "disable admin user", false);
    for (const std::string& name : Names()) {
      if (EqualsIgnoreCase(name, kDefaultObject)) continue;
      Object object;
      Inherit(name, 0, object);
      if (object.is_template) continue;
      if (disabled && object.name == kAdminUser) {
        access_.errors.push_back(
            "WEB user 'admin' is ignored: 'disable admin user' is true under " + root_);
        continue;
      }
      Add(object);
    }
    if (!disabled && access_.users.count(kAdminUser) == 0) {
      Object admin;
      admin.name = kAdminUser;
      admin.role = "full";
      admin.password = settings_.Get(root_, "password");
      Add(admin);
    }
  }

  // Sections and one-liners, each once, in the file's order.
  std::vector<std::string> Names() const {
    const std::string path = root_ + "/users";
    std::vector<std::string> names = settings_.Sections(path);
    std::set<std::string> seen;
    for (const std::string& name : names) seen.insert(ToLowerAscii(name));
    for (const auto& entry : settings_.Keys(path)) {
      if (seen.insert(ToLowerAscii(entry.key)).second) names.push_back(entry.key);
    }
    return names;
  }

  void Inherit(const std::string& name, size_t depth, Object& object) {
    const std::string path = root_ + "/users/" + name;
    std::string parent = settings_.Get(path, "parent");
    if (parent.empty()) parent = kDefaultObject;
    if (!EqualsIgnoreCase(parent, name)) {
      if (depth >= Access::kMaxParents) {
        access_.errors.push_back("WEB user '" + name +
                                 "': its parents form a circle or are too many");
        return;
      }
      Inherit(parent, depth + 1, object);
    }
    object.name = settings_.Get(path, "alias");
    if (object.name.empty()) object.name = name;
    object.name = RepairUtf8(object.name);
    object.is_template = settings_.GetBool(path, "is template", false);
    // An empty value inherits, as if the key were not there.
    const std::string password = settings_.Get(path, "password");
    if (!password.empty()) object.password = password;
    const std::string role = settings_.Get(path, "role");
    if (!role.empty()) object.role = role;
  }

  void Add(const Object& object) {
    if (access_.users.size() >= Access::kMaxUsers) {
      access_.errors.push_back("WEB user '" + object.name + "' is ignored: more than " +
                               std::to_string(Access::kMaxUsers) + " users");
      return;
    }
    User user{object.name, object.role, object.password,
              loader_.fingerprints->Of({object.name, object.password})};
    if (!object.password.empty() && !loader_.is_hashed(object.password)) Hash(user);
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
