// The throttle, reloads and roles as the authenticator applies them.
#include <doctest/doctest.h>

#include "gateway/auth/door_fixture.h"

namespace nscp::gateway {
namespace {

TEST_CASE(
    "too many failures block passwords and Bearer, but not tokens in other headers") {
  Door door;
  const std::string token = door.Basic(kAdminSecret).token;
  for (int i = 0; i < 3; ++i) CHECK(door.Basic(kAdminWrong).gate == Gate::kPassword);
  CHECK(door.Basic(kAdminSecret).gate == Gate::kThrottle);
  CHECK(door.Ask({{"password", "secret"}}).gate == Gate::kThrottle);
  CHECK(door.Ask({{"Authorization", "Bearer " + token}}).gate == Gate::kThrottle);
  Request request;
  request.remote_address = "127.0.0.1";
  CHECK(door.auth->IdentifyPassword(request, "admin", "secret", true).gate ==
        Gate::kThrottle);
  CHECK(door.Ask({{"TOKEN", token}}).ok());
  CHECK(door.Ask({{"X-Auth-Token", token}}).ok());
  door.now += std::chrono::seconds(60);
  CHECK(door.Basic(kAdminSecret).ok());
}

TEST_CASE("what counts as a failure and what does not") {
  const struct {
    Headers headers;
    bool counted;
  } rows[] = {
      {{{"Authorization", "Basic " + std::string(kAdminWrong)}}, true},
      {{{"Authorization", "Basic !"}}, true},
      {{{"Authorization", "Bearer wrong"}}, true},
      {{{"Authorization", std::string(9000, 'a')}}, true},
      {{{"password", "wrong"}}, true},
      {{{"Authorization", "Digest x"}}, false},
      {{{"TOKEN", "wrong"}}, false},
      {{}, false},
  };
  for (const auto& row : rows) {
    Door door;
    CAPTURE(row.headers.empty() ? "" : row.headers[0].second.substr(0, 20));
    for (int i = 0; i < 3; ++i) CHECK_FALSE(door.Ask(row.headers).ok());
    CHECK(door.Basic(kAdminSecret).ok() != row.counted);
  }
}

TEST_CASE("a success in between clears the count") {
  Door door;
  for (int i = 0; i < 6; ++i) {
    CHECK_FALSE(door.Basic(kAdminWrong).ok());
    CHECK_FALSE(door.Basic(kAdminWrong).ok());
    CHECK(door.Basic(kAdminSecret).ok());
  }
}

TEST_CASE("a reload keeps tokens and blocks, save for users that changed or went") {
  Door door;
  const std::string admin = door.Basic(kAdminSecret).token;
  const std::string bob = door.Basic(kBob).token;
  door.Configure({{kUsers + "bob", "password", "new"}});
  CHECK(door.Ask({{"TOKEN", admin}}).ok());
  CHECK_FALSE(door.Ask({{"TOKEN", bob}}).ok());
  CHECK_FALSE(door.Basic(kBob).ok());
  CHECK(door.Basic("Ym9iOm5ldw==").ok());  // bob:new
  door.Configure({{kServer, "disable admin user", "true"}});
  CHECK_FALSE(door.Ask({{"TOKEN", admin}}).ok());
  CHECK_FALSE(door.Basic(kAdminSecret).ok());
}

TEST_CASE("a role is looked up at each request, so that a change counts at once") {
  Door door;
  const std::string bob = door.Basic(kBob).token;
  CHECK(door.auth->Allows(door.Ask({{"TOKEN", bob}}), "info.get"));
  CHECK_FALSE(door.auth->Allows(door.Ask({{"TOKEN", bob}}), "modules.load"));
  door.Configure({{kUsers + "bob", "role", "full"}});
  CHECK(door.auth->Allows(door.Ask({{"TOKEN", bob}}), "modules.load"));
  const Identity refused =
      Authenticator::RefuseGrant(door.Ask({{"TOKEN", bob}}), "modules.load");
  CHECK(refused.gate == Gate::kGrant);
  CHECK(refused.hint ==
        "user 'bob' has the role 'full', which lacks the grant 'modules.load': "
        "add it to that role, or give the user another one");
}

TEST_CASE("without credentials the anonymous role answers only where it is allowed") {
  Door door({{kServer, "allow anonymous access", "true"},
             {"/settings/WEB/server/roles", "anonymous", "public"}});
  const Identity who = door.Ask({});
  CHECK(who.ok());
  CHECK(who.token.empty());
  CHECK(door.auth->Allows(who, "public"));
  CHECK_FALSE(door.auth->Allows(who, "info.get"));
  CHECK_FALSE(door.Basic(kAdminWrong).ok());
}

}  // namespace
}  // namespace nscp::gateway
