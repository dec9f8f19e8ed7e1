// Tokens, throttle, remembered credentials, base64.
#include <doctest/doctest.h>

#include <set>

#include "gateway/auth/base64.h"
#include "gateway/auth/credentials_cache.h"
#include "gateway/auth/throttle.h"
#include "gateway/auth/tokens.h"

namespace nscp::gateway {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

struct FakeClock {
  TimePoint now{hours(1000)};
  Clock get() {
    return [this] { return now; };
  }
};

TEST_CASE("a token is 32 letters and digits and never the same twice") {
  FakeClock clock;
  TokenStore store(clock.get(), *KeyedHash::Create());
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const std::string token = *store.Mint({"admin", ""});
    CHECK(token.size() == 32);
    CHECK(
        token.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
                                "uvwxyz") == std::string::npos);
    CHECK(seen.insert(token).second);
    CHECK(store.Find(token)->user == "admin");
  }
}

TEST_CASE("a token lives eight hours from its creation, however often it is used") {
  FakeClock clock;
  TokenStore store(clock.get(), *KeyedHash::Create());
  const std::string token = *store.Mint({"admin", "c"});
  clock.now += hours(8) - seconds(1);
  REQUIRE(store.Find(token));
  CHECK(store.Find(token)->credential == "c");
  clock.now += seconds(1);
  CHECK_FALSE(store.Find(token));
  clock.now -= hours(9);  // before its creation
  CHECK_FALSE(store.Find(token));
}

TEST_CASE(
    "expired tokens are swept by the next one, and beyond the bound the oldest goes") {
  FakeClock clock;
  TokenStore store(clock.get(), *KeyedHash::Create());
  const std::string first = *store.Mint({"a", ""});
  clock.now += hours(9);
  const std::string second = *store.Mint({"a", ""});
  CHECK(store.size() == 1);
  for (size_t i = 1; i < TokenStore::kMaxTokens; ++i) REQUIRE(store.Mint({"b", ""}).ok());
  CHECK(store.Find(second));
  CHECK(store.size() == TokenStore::kMaxTokens);
  REQUIRE(store.Mint({"b", ""}).ok());
  CHECK(store.size() == TokenStore::kMaxTokens);
  CHECK_FALSE(store.Find(second));
}

TEST_CASE("revoking ends one token or all of a user, and nothing else") {
  FakeClock clock;
  TokenStore store(clock.get(), *KeyedHash::Create());
  const std::string a1 = *store.Mint({"a", ""});
  const std::string a2 = *store.Mint({"a", ""});
  const std::string a3 = *store.Mint({"a", ""});
  const std::string b = *store.Mint({"b", ""});
  store.Revoke(a1);
  store.Revoke("unknown");
  CHECK_FALSE(store.Find(a1));
  CHECK(store.Find(a2));
  store.RevokeUser("a");
  CHECK_FALSE(store.Find(a2));
  CHECK_FALSE(store.Find(a3));
  CHECK(store.Find(b));
  CHECK_FALSE(store.Find(""));
}

TEST_CASE(
    "an address is blocked after the set number of failures in a row, for the set time") {
  FakeClock clock;
  Throttle throttle(clock.get());
  throttle.SetLimits({3, seconds(60)});
  CHECK_FALSE(throttle.Fail("a"));
  CHECK_FALSE(throttle.Fail("a"));
  throttle.Succeed("a");  // in a row only
  CHECK_FALSE(throttle.Fail("a"));
  CHECK_FALSE(throttle.Fail("a"));
  CHECK_FALSE(throttle.Blocked("a"));
  CHECK(throttle.Fail("a"));
  CHECK(throttle.Blocked("a"));
  CHECK_FALSE(throttle.Blocked("b"));
  clock.now += seconds(59);
  CHECK(throttle.Blocked("a"));
  clock.now += seconds(1);
  CHECK_FALSE(throttle.Blocked("a"));
  CHECK_FALSE(throttle.Fail("a"));  // the counter began anew
}

TEST_CASE("a limit of 0 switches the throttle off") {
  FakeClock clock;
  Throttle throttle(clock.get());
  throttle.SetLimits({0, seconds(60)});
  for (int i = 0; i < 100; ++i) CHECK_FALSE(throttle.Fail("a"));
  CHECK_FALSE(throttle.Blocked("a"));
  CHECK(throttle.size() == 0);
}

TEST_CASE("the throttle's table is bounded and forgets blocked addresses last") {
  FakeClock clock;
  Throttle throttle(clock.get());
  throttle.SetLimits({1, hours(1)});
  CHECK(throttle.Fail("blocked"));
  throttle.SetLimits({2, hours(1)});
  for (size_t i = 0; i < 2 * Throttle::kMaxAddresses; ++i) {
    clock.now += std::chrono::milliseconds(1);
    throttle.Fail("address" + std::to_string(i));
  }
  CHECK(throttle.size() == Throttle::kMaxAddresses);
  CHECK(throttle.Blocked("blocked"));
}

TEST_CASE("a remembered credential is found by user, stored hash and password together") {
  CredentialsCache cache(*KeyedHash::Create());
  const std::string key = cache.KeyOf("admin", "stored", "secret");
  CHECK(key.size() == 32);
  CHECK_FALSE(cache.Find(key));
  cache.Remember(key, "admin", "token");
  CHECK(*cache.Find(key) == "token");
  CHECK(key != cache.KeyOf("admi", "nstored", "secret"));
  CHECK_FALSE(cache.Find(cache.KeyOf("admin", "stored", "wrong")));
  CHECK_FALSE(cache.Find(cache.KeyOf("admin", "changed", "secret")));
  CHECK_FALSE(cache.Find(cache.KeyOf("root", "stored", "secret")));
  // The key of another process, or of this one after its restart, is another one.
  CHECK(key != CredentialsCache(*KeyedHash::Create()).KeyOf("admin", "stored", "secret"));
  cache.Remember(key, "admin", "newer");
  CHECK(*cache.Find(key) == "newer");
  CHECK(cache.size() == 1);
  cache.ForgetUser("admin");
  CHECK_FALSE(cache.Find(key));
  cache.Remember("", "admin", "token");  // a hash that could not be computed
  CHECK(cache.size() == 0);
}

TEST_CASE("beyond the bound the credential used longest ago is forgotten") {
  CredentialsCache cache(*KeyedHash::Create());
  const auto key = [&](size_t i) { return cache.KeyOf("u", "s", std::to_string(i)); };
  for (size_t i = 0; i < CredentialsCache::kMaxRemembered; ++i)
    cache.Remember(key(i), "u", "t");
  CHECK(cache.Find(key(0)));
  cache.Remember(key(99999), "u", "t");
  CHECK(cache.size() == CredentialsCache::kMaxRemembered);
  CHECK(cache.Find(key(0)));
  CHECK_FALSE(cache.Find(key(1)));
}

TEST_CASE("base64 is decoded with and without padding, and nothing malformed is") {
  CHECK(*DecodeBase64("") == "");
  CHECK(*DecodeBase64("YWRtaW46cHc=") == "admin:pw");
  CHECK(*DecodeBase64("YWRtaW46cHc") == "admin:pw");
  CHECK(*DecodeBase64("YWRtaW46cA==") == "admin:p");
  CHECK(*DecodeBase64("YWRtaW46") == "admin:");
  CHECK(*DecodeBase64("OsOkw7Y=") == ":\xc3\xa4\xc3\xb6");
  for (const char* bad : {"Y", "YWRta", "YW Rta", "YWRt!", "=",
                          "YWRtaW46cA=", "YR==", "YW==YW", "====", "YWRt\n"}) {
    CAPTURE(bad);
    CHECK_FALSE(DecodeBase64(bad));
  }
}

}  // namespace
}  // namespace nscp::gateway
