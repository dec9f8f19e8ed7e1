#include "gateway/auth/users.h"

#include <doctest/doctest.h>

#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

using Entries = std::vector<sdk::Settings::Entry>;

struct Loading {
  KeyedHash fingerprints = *KeyedHash::Create();
  int hashed = 0;

  std::shared_ptr<const Access> Load(Entries entries, const Access* before = nullptr,
                                     std::string_view root = kDefaultRoot) {
    AccessLoader loader;
    loader.hash = [this](std::string_view password) -> Result<std::string> {
      ++hashed;
      return "hash" + std::to_string(hashed) + "$" + std::string(password);
    };
    loader.is_hashed = [](std::string_view stored) { return StartsWith(stored, "hash"); };
    loader.resolver = [](const std::string&) { return std::vector<Address>(); };
    loader.fingerprints = &fingerprints;
    return loader.Load(sdk::Settings(std::move(entries)), root, before);
  }
};

const char kServer[] = "/settings/WEB/server";
const char kUsers[] = "/settings/WEB/server/users";
const char kRoles[] = "/settings/WEB/server/roles";

TEST_CASE("admin is made from the password, with the role full, unless it exists") {
  Loading loading;
  auto access = loading.Load({{kServer, "password", "secret"}});
  REQUIRE(access->FindUser("admin"));
  CHECK(access->FindUser("admin")->role == "full");
  CHECK(access->FindUser("admin")->stored == "hash1$secret");

  access = loading.Load({{kServer, "password", "secret"},
                         {"/settings/WEB/server/users/admin", "password", "hash$own"},
                         {"/settings/WEB/server/users/admin", "role", "client"}});
  CHECK(access->FindUser("admin")->role == "client");
  CHECK(access->FindUser("admin")->stored == "hash$own");

  access = loading.Load({});
  REQUIRE(access->FindUser("admin"));
  CHECK(access->FindUser("admin")->stored.empty());  // can never log in
}

TEST_CASE("a user's name may be written in Latin-1, in the file and by the client") {
  Loading loading;
  // The kernel repairs the path of a section; the alias is a value and comes as it is.
  const auto access =
      loading.Load({{"/settings/WEB/server/users/j\xEF\xBF\xBDrgen", "role", "client"},
                    {"/settings/WEB/server/users/other", "alias", "bj\xF6rn"},
                    {"/settings/WEB/server/users/\xC3\xA4nne", "role", "full"}});
  REQUIRE(access->FindUser("j\xFCrgen"));
  CHECK(access->FindUser("j\xFCrgen")->role == "client");
  CHECK(access->FindUser("bj\xF6rn"));
  CHECK(access->FindUser("\xC3\xA4nne"));
  CHECK_FALSE(access->FindUser("\xE4nne"));
}

TEST_CASE("a disabled admin is neither made nor taken from the settings") {
  Loading loading;
  const auto access = loading.Load({{kServer, "password", "secret"},
                                    {kServer, "disable admin user", "true"},
                                    {kServer, "allowed hosts", "127.0.0.1"},
                                    {"/settings/WEB/server/users/admin", "password", "x"},
                                    {"/settings/WEB/server/users/ops", "password", "y"}});
  CHECK_FALSE(access->FindUser("admin"));
  CHECK(access->FindUser("ops"));
  REQUIRE(access->errors.size() == 1);
  CHECK(access->errors[0].find("disable admin user") != std::string::npos);
}

TEST_CASE("users inherit from their parents, and templates are nobody") {
  Loading loading;
  const std::string users = kUsers;
  const auto access = loading.Load({{users + "/default", "role", "client"},
                                    {users + "/team", "password", "hash$team"},
                                    {users + "/team", "is template", "true"},
                                    {users + "/a", "password", "hash$a"},
                                    {users + "/b", "parent", "team"},
                                    {users + "/b", "role", "full"},
                                    {users + "/c", "alias", "cecil"},
                                    {users + "/c", "role", ""},
                                    {users, "d", "anything"}});
  CHECK(access->FindUser("a")->role == "client");
  CHECK(access->FindUser("a")->stored == "hash$a");
  CHECK(access->FindUser("b")->role == "full");
  CHECK(access->FindUser("b")->stored == "hash$team");
  CHECK(access->FindUser("cecil")->role == "client");
  CHECK_FALSE(access->FindUser("c"));
  CHECK(access->FindUser("d")->stored.empty());
  CHECK_FALSE(access->FindUser("default"));
  CHECK_FALSE(access->FindUser("team"));
  CHECK(loading.hashed == 0);
}

TEST_CASE("parents in a circle end at the bound with an error") {
  Loading loading;
  const std::string users = kUsers;
  const auto access = loading.Load({{kServer, "allowed hosts", "::1"},
                                    {users + "/a", "parent", "b"},
                                    {users + "/b", "parent", "a"}});
  CHECK(access->FindUser("a"));
  CHECK(access->errors.size() == 2);
}

TEST_CASE("a role's grants are those of the settings, by name without case") {
  Loading loading;
  const auto access = loading.Load(
      {{kRoles, "Ops", "modules.list, info.get"}, {kRoles, "old", "legacy,login.get"}});
  CHECK(access->RoleAllows("ops", "modules.list"));
  CHECK(access->RoleAllows("OPS", "info.get"));
  CHECK_FALSE(access->RoleAllows("ops", "modules.load"));
  CHECK_FALSE(access->RoleAllows("", "public"));
  CHECK_FALSE(access->RoleAllows("nobody", "public"));
  REQUIRE(access->warnings.size() == 1);
  CHECK(StartsWith(access->warnings[0],
                   "SECURITY: WEB role 'old' grants the 'legacy' permission"));
}

TEST_CASE("the role anonymous counts only where anonymous access is allowed") {
  Loading loading;
  auto access =
      loading.Load({{kRoles, "anonymous", "public"}, {kServer, "allowed hosts", "*"}});
  CHECK_FALSE(access->allow_anonymous);
  CHECK_FALSE(access->RoleAllows("anonymous", "public"));
  CHECK(access->errors.size() == 1);
  access = loading.Load({{kRoles, "anonymous", "public"},
                         {kServer, "allowed hosts", "*"},
                         {kServer, "allow anonymous access", "true"}});
  CHECK(access->RoleAllows("anonymous", "public"));
  CHECK(access->errors.empty());
}

TEST_CASE("an empty list of allowed hosts is an error for the log") {
  Loading loading;
  const auto access = loading.Load({});
  REQUIRE(access->errors.size() == 1);
  CHECK(StartsWith(access->errors[0],
                   "allowed_hosts is empty - rejecting all connections"));
}

TEST_CASE("a password that did not change is not hashed again at a reload") {
  Loading loading;
  const auto before = loading.Load({{kServer, "password", "secret"}});
  const auto same = loading.Load({{kServer, "password", "secret"}}, before.get());
  CHECK(loading.hashed == 1);
  CHECK(same->FindUser("admin")->stored == before->FindUser("admin")->stored);
  const auto changed = loading.Load({{kServer, "password", "other"}}, same.get());
  CHECK(loading.hashed == 2);
  CHECK(changed->FindUser("admin")->fingerprint != same->FindUser("admin")->fingerprint);
}

TEST_CASE("limits and user agents are read, and odd values are kept within bounds") {
  Loading loading;
  const auto access =
      loading.Load({{"/settings/WEB/web", "auth rate limit max failures", "3"},
                    {"/settings/WEB/web", "auth rate limit block seconds", "-4"},
                    {"/settings/WEB/web", "legacy query auth user agents",
                     "Icinga/check_nscp_api, Probe"}},
                   nullptr, "/settings/WEB/web");
  CHECK(access->throttle.max_failures == 3);
  CHECK(access->throttle.block.count() == 0);
  for (const char* agent : {"Icinga/check_nscp_api/2.14.0", "icinga/check_nscp_api/dev",
                            "x Icinga/check_nscp_api/3.0.0-rc1", "my probe/1"}) {
    CAPTURE(agent);
    CHECK(access->IsLegacyAgent(agent));
  }
  for (const char* agent : {"MyIcingaPr/1.0", "curl/8.0", "Mozilla/5.0", ""}) {
    CAPTURE(agent);
    CHECK_FALSE(access->IsLegacyAgent(agent));
  }
  CHECK_FALSE(loading.Load({})->IsLegacyAgent("Icinga/check_nscp_api"));
}

}  // namespace
}  // namespace nscp::gateway
