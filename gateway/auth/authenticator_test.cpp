#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "gateway/auth/door_fixture.h"

namespace nscp::gateway {
namespace {

TEST_CASE("each kind of right credential says who it is") {
  Door door;
  const std::string token = door.Basic(kAdminSecret, true).token;
  REQUIRE(token.size() == 32);
  const struct {
    Headers headers;
    std::vector<Request::Parameter> parameters;
    const char* user;
  } rows[] = {
      {{{"Authorization", "Basic " + std::string(kAdminSecret)}}, {}, "admin"},
      {{{"authorization", "bAsIc " + std::string(kAdminSecret)}}, {}, "admin"},
      {{{"Authorization", "Basic " + std::string(kBob)}}, {}, "bob"},
      {{{"Password", "secret"}}, {}, "admin"},
      {{{"password", "secret"}, {"TOKEN", "wrong"}}, {}, "admin"},
      {{{"Authorization", "Bearer " + token}}, {}, "admin"},
      {{{"authorization", "bearer " + token}}, {}, "admin"},
      {{{"TOKEN", token}}, {}, "admin"},
      {{{"token", token}}, {}, "admin"},
      {{{"X-Auth-Token", token}}, {}, "admin"},
      {{{"password", ""}, {"X-Auth-Token", token}}, {}, "admin"},
      {{{"User-Agent", "Icinga/check_nscp_api/2.14.0"}},
       {{"TOKEN", token, true}},
       "admin"},
      {{{"User-Agent", "Icinga/check_nscp_api/2.14.0"}},
       {{"__TOKEN", token, true}},
       "admin"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.headers[0].first);
    const Identity who = door.Ask(row.headers, row.parameters);
    CHECK(who.ok());
    CHECK(who.user == row.user);
    CHECK(who.token.size() == 32);
  }
}

TEST_CASE("every other credential is refused, by the gate that the log names") {
  Door door({{kServer, "auth rate limit max failures", "0"}});
  const std::string token = door.Basic(kAdminSecret).token;
  const std::string long_value(Authenticator::kMaxCredential + 1, 'a');
  const struct {
    Headers headers;
    std::vector<Request::Parameter> parameters;
    Gate gate;
  } rows[] = {
      {{}, {}, Gate::kNothing},
      {{{"Authorization", "Basic " + std::string(kAdminWrong)}}, {}, Gate::kPassword},
      {{{"Authorization", "Basic bm9ib2R5OnNlY3JldA=="}}, {}, Gate::kPassword},  // nobody
      {{{"Authorization", "Basic ZGVmYXVsdC1hZG1pbjo="}},
       {},
       Gate::kPassword},                                             // no password
      {{{"Authorization", "Basic YWRtaW46"}}, {}, Gate::kPassword},  // empty one
      {{{"Authorization", "Basic YWRtaW4="}}, {}, Gate::kPassword},  // no colon
      {{{"Authorization", "Basic ###"}}, {}, Gate::kPassword},
      {{{"Authorization", "Basic"}}, {}, Gate::kPassword},
      {{{"Authorization", ""}}, {}, Gate::kPassword},
      {{{"Authorization", "Digest x"}}, {}, Gate::kPassword},
      {{{"Authorization", "Basic " + long_value}}, {}, Gate::kPassword},
      {{{"Authorization", "Bearer wrong"}}, {}, Gate::kToken},
      {{{"Authorization", "Bearer "}}, {}, Gate::kToken},
      {{{"Authorization", "Digest x"}, {"TOKEN", token}}, {}, Gate::kPassword},
      {{{"password", "wrong"}, {"TOKEN", token}}, {}, Gate::kPassword},
      {{{"password", long_value}}, {}, Gate::kPassword},
      {{{"TOKEN", "wrong"}, {"X-Auth-Token", token}}, {}, Gate::kToken},
      {{{"Cookie", "token=" + token}}, {}, Gate::kNothing},
      {{}, {{"TOKEN", token, true}}, Gate::kToken},
      {{{"User-Agent", "curl/8.0"}}, {{"__TOKEN", token, true}}, Gate::kToken},
      {{{"User-Agent", "Icinga/check_nscp_api"}}, {{"TOKEN", "x", true}}, Gate::kToken},
      {{{"User-Agent", "Icinga/check_nscp_api"}},
       {{"token", token, true}},
       Gate::kNothing},
  };
  for (const auto& row : rows) {
    CAPTURE(row.headers.empty() ? "" : row.headers[0].second.substr(0, 40));
    const Identity who = door.Ask(row.headers, row.parameters);
    CHECK(GateName(who.gate) == GateName(row.gate));
    CHECK_FALSE(who.hint.empty());
    CHECK(who.hint.find("secret") == std::string::npos);
    CHECK(who.hint.find(token) == std::string::npos);
    CHECK(who.user.empty());
    CHECK(who.token.empty());
    CHECK_FALSE(door.auth->Allows(who, "public"));
  }
}

TEST_CASE("a foreign address is refused before anything else is looked at") {
  Door door;
  const Identity who = door.Ask({{"password", "secret"}}, {}, false, "192.0.2.1");
  CHECK(who.gate == Gate::kAddress);
  CHECK(who.hint == "add 192.0.2.1 to 'allowed hosts'");
  CHECK(door.verified == 0);
  for (int i = 0; i < 5; ++i) {
    CHECK(door.Ask({{"password", "x"}}, {}, false, "192.0.2.1").gate == Gate::kAddress);
  }
}

TEST_CASE("a right credential costs the slow hash once, a wrong one each time") {
  Door door({{kServer, "auth rate limit max failures", "0"}});
  const std::string token = door.Basic(kAdminSecret).token;
  CHECK(door.verified == 1);
  for (int i = 0; i < 10; ++i) CHECK(door.Basic(kAdminSecret).token == token);
  CHECK(door.Ask({{"password", "secret"}}).token == token);
  CHECK(door.verified == 1);
  for (int i = 0; i < 3; ++i) CHECK_FALSE(door.Basic(kAdminWrong).ok());
  CHECK(door.verified == 4);
  CHECK_FALSE(door.Basic("bm9ib2R5OnNlY3JldA==").ok());  // nobody:secret
  CHECK_FALSE(door.Basic("ZGVmYXVsdC1hZG1pbjp4").ok());  // default-admin:x
  CHECK_FALSE(door.Basic("YWRtaW46").ok());              // admin:
  CHECK(door.verified == 7);
}

// Asks with this credential from several threads while the slow hash of the first lasts.
std::vector<Identity> AskTogether(Door& door, const char* credential) {
  constexpr size_t kThreads = 8;
  std::atomic<size_t> asked{0};
  door.on_verify = [&] {
    while (asked < kThreads) std::this_thread::yield();
  };
  std::vector<Identity> answers(kThreads);
  std::vector<std::thread> threads;
  for (Identity& answer : answers) {
    threads.emplace_back([&] {
      ++asked;
      answer = door.Basic(credential);
    });
  }
  for (std::thread& thread : threads) thread.join();
  door.on_verify = [] {};
  return answers;
}

TEST_CASE("a credential that comes many times at once is verified once if it is right") {
  Door door({{kServer, "auth rate limit max failures", "0"}});
  for (const Identity& who : AskTogether(door, kAdminSecret)) CHECK(who.ok());
  CHECK(door.verified == 1);
  for (const char* wrong : {kAdminWrong, "bm9ib2R5OnNlY3JldA=="}) {  // nobody:secret
    door.verified = 0;
    for (const Identity& who : AskTogether(door, wrong)) CHECK_FALSE(who.ok());
    CHECK(door.verified == 8);
  }
}

TEST_CASE("wrong credentials that come at once are throttled") {
  Door door;
  for (const Identity& who : AskTogether(door, kAdminWrong)) CHECK_FALSE(who.ok());
  CHECK(door.Basic(kAdminSecret).gate == Gate::kThrottle);
}

TEST_CASE("who finds a turn taken goes on when it ends, whatever became of it") {
  Turns turns;
  std::thread second;
  {
    const Turns::Turn turn(turns, "a");
    CHECK(turn.is_first());
    CHECK(Turns::Turn(turns, "b").is_first());
    second = std::thread([&] { const Turns::Turn another(turns, "a"); });
    // Whether it waits already or comes too late, it is not kept.
  }
  second.join();
  CHECK(Turns::Turn(turns, "a").is_first());
}

TEST_CASE("a turn that does not end holds nobody up for long") {
  constexpr std::chrono::milliseconds kShort{20};
  Turns turns(kShort);
  const Turns::Turn taken(turns, "a");
  const auto begun = std::chrono::steady_clock::now();
  CHECK_FALSE(Turns::Turn(turns, "a").is_first());
  CHECK(std::chrono::steady_clock::now() - begun >= kShort);
}

TEST_CASE("a login has a token of its own, and polling goes on with the one it had") {
  Door door;
  const std::string polling = door.Basic(kAdminSecret).token;
  const std::string login = door.Basic(kAdminSecret, true).token;
  CHECK(login != polling);
  CHECK(door.Basic(kAdminSecret).token == polling);
  CHECK(door.Basic(kAdminSecret, true).token != login);
  door.auth->Revoke(login);
  CHECK_FALSE(door.Ask({{"TOKEN", login}}).ok());
  CHECK(door.Ask({{"TOKEN", polling}}).ok());
  door.auth->Revoke(polling);
  const std::string next = door.Basic(kAdminSecret).token;
  CHECK(next != polling);
  CHECK(door.Ask({{"TOKEN", next}}).ok());
}

TEST_CASE("after a login alone, polling gets a token that is nobody's login") {
  Door door;
  const std::string login = door.Basic(kAdminSecret, true).token;
  CHECK(door.Basic(kAdminSecret).token != login);
}

TEST_CASE("an expired token of a remembered credential is replaced") {
  Door door;
  const std::string token = door.Basic(kAdminSecret).token;
  door.now += TokenStore::kLifetime;
  CHECK_FALSE(door.Ask({{"TOKEN", token}}).ok());
  const Identity who = door.Basic(kAdminSecret);
  CHECK(who.token != token);
  CHECK(door.Ask({{"TOKEN", who.token}}).ok());
}

TEST_CASE("nobody gets in before the settings were read") {
  auto auth =
      Authenticator::Create(
          [] { return TimePoint(); },
          {[](std::string_view) -> Result<std::string> { return std::string("x"); },
           [](std::string_view, std::string_view) { return true; },
           [](std::string_view) { return true; }},
          nullptr)
          .value();
  Request request;
  request.remote_address = "127.0.0.1";
  request.headers = {{"password", "x"}};
  CHECK(auth->Identify(request, false).gate == Gate::kAddress);
}

TEST_CASE("the real password hash fits together with the authenticator") {
  auto auth = Authenticator::Create([] { return TimePoint(std::chrono::hours(1)); },
                                    Authenticator::DefaultPasswords(), nullptr)
                  .value();
  static_cast<void>(auth->Configure(
      sdk::Settings({{kServer, "allowed hosts", "::1"}, {kServer, "password", "secret"}}),
      kServer));
  Request request;
  request.remote_address = "::1";
  request.headers = {{"password", "wrong"}};
  CHECK_FALSE(auth->Identify(request, false).ok());
  request.headers = {{"password", "secret"}};
  CHECK(auth->Identify(request, false).ok());
  CHECK(StartsWith(auth->access()->FindUser("admin")->stored, "pbkdf2-sha256$100000$"));
}

}  // namespace
}  // namespace nscp::gateway
