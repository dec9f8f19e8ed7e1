#include "gateway/auth/allowed_hosts.h"

#include <doctest/doctest.h>

#include "gateway/auth/grants.h"

namespace nscp::gateway {
namespace {

std::vector<Address> Resolve(const std::string& name) {
  if (name == "monitor.example")
    return {*ParseAddress("192.0.2.7"), *ParseAddress("2001:db8::7")};
  return {};
}

TEST_CASE("allowed hosts let in exactly the addresses that an entry covers") {
  const struct {
    const char* list;
    const char* address;
    bool allowed;
  } rows[] = {
      {"127.0.0.1", "127.0.0.1", true},
      {"127.0.0.1", "127.0.0.2", false},
      {"127.0.0.1,::1", "::1", true},
      {" 10.0.0.1 , , 10.0.0.2 ", "10.0.0.2", true},
      {"10.0.0.0/8", "10.255.1.2", true},
      {"10.0.0.0/8", "11.0.0.1", false},
      {"10.1.2.128/25", "10.1.2.127", false},
      {"10.1.2.128/25", "10.1.2.129", true},
      {"0.0.0.0/0", "203.0.113.9", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"127.0.0.1,0.0.0.0/0", "203.0.113.9", true},
      {"::/0", "2001:db8::1", true},
      {"::/0", "203.0.113.9", false},
      {"2001:db8::/32", "2001:db8:ffff::1", true},
      {"2001:db8::/33", "2001:db8:ffff::1", false},
      {"10.1.*", "10.1.200.3", true},
      {"10.1.*", "10.2.0.1", false},
      {"10.*", "10.2.0.1", true},
      {"2001:db8:*", "2001:db8:1::1", true},
      {"2001:db8:*", "2001:db9::1", false},
      {"*", "203.0.113.9", true},
      {"*", "2001:db8::1", true},
      {"10.0.0.0/255.0.0.0", "10.0.0.1", false},
      {"10.0.0.1/64", "10.0.0.1", true},
      {"127.0.0.1", "::ffff:127.0.0.1", true},
      {"::ffff:0:0/96", "::ffff:127.0.0.1", true},
      {"::ffff:0:0/96", "127.0.0.1", false},
      {"monitor.example", "192.0.2.7", true},
      {"monitor.example", "2001:db8::7", true},
      {"monitor.example/24", "192.0.2.99", true},
      {"monitor.example", "192.0.2.8", false},
      {"other.example", "192.0.2.7", false},
      {"", "127.0.0.1", false},
      {" , ", "127.0.0.1", false},
      {"127.0.0.1", "", false},
      {"127.0.0.1", "localhost", false},
      {"*", "no address", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.list);
    CAPTURE(row.address);
    for (const bool cache : {true, false}) {
      CHECK(AllowedHosts(row.list, cache, Resolve).Allows(row.address) == row.allowed);
    }
  }
}

TEST_CASE("an entry that cannot be used opens nothing and is told") {
  for (const char* bad : {"10.0.0.1/", "10.0.0.1/x", "999.1.1.1", "3com.example", "10.1*",
                          "10.0.0.0.*", ".*", "2001:db8::*", "1:2:3:4:5:6:7:8:*"}) {
    CAPTURE(bad);
    const AllowedHosts hosts(bad, true, Resolve);
    CHECK(hosts.empty());
    REQUIRE(hosts.problems().size() == 1);
    CHECK(hosts.problems()[0].find(bad) != std::string::npos);
    CHECK_FALSE(hosts.Allows("10.0.0.1"));
  }
  CHECK(AllowedHosts().empty());
}

TEST_CASE("names are looked up once with the cache and at each question without it") {
  for (const bool cache : {true, false}) {
    int asked = 0;
    const AllowedHosts hosts("127.0.0.1,monitor.example", cache,
                             [&](const std::string& name) {
                               ++asked;
                               return Resolve(name);
                             });
    CHECK(hosts.Allows("192.0.2.7"));
    CHECK(hosts.Allows("192.0.2.7"));
    CHECK(hosts.Allows("127.0.0.1"));  // a number answers, so no name is asked
    CHECK(asked == (cache ? 1 : 2));
  }
}

TEST_CASE("more entries than the bound are left out and told") {
  std::string list;
  for (size_t i = 0; i <= AllowedHosts::kMaxEntries; ++i) list += "10.0.0.1,";
  list += "10.0.0.2";
  const AllowedHosts hosts(list, true, Resolve);
  CHECK(hosts.Allows("10.0.0.1"));
  CHECK_FALSE(hosts.Allows("10.0.0.2"));
  CHECK(hosts.problems().size() == 1);
}

TEST_CASE("a rule covers a need as the table of 3.3 says") {
  const char* needs[] = {"modules", "modules.list", "modules.a.b", "info.get.version"};
  const struct {
    const char* rule;
    bool allowed[4];
  } rows[] = {
      {"*", {true, true, true, true}},
      {"modules.*", {false, true, true, false}},
      {"modules", {true, false, false, false}},
      {"info.get", {false, false, false, false}},
      {"info.*.version", {false, false, false, true}},
      {"modules.list.*", {false, false, false, false}},
      {"", {false, false, false, false}},
      {"modules.", {false, false, false, false}},
      {"Modules", {false, false, false, false}},
  };
  for (const auto& row : rows) {
    for (size_t i = 0; i < 4; ++i) {
      CAPTURE(row.rule);
      CAPTURE(needs[i]);
      CHECK(GrantMatches(row.rule, needs[i]) == row.allowed[i]);
    }
  }
}

TEST_CASE("a list of grants is trimmed and knows whether it opens the legacy routes") {
  const Grants grants(" public , info.get,, legacy ");
  CHECK(grants.rules() == std::vector<std::string>{"public", "info.get", "legacy"});
  CHECK(grants.Allow("info.get"));
  CHECK_FALSE(grants.Allow("info.get.version"));
  CHECK(grants.has_legacy());
  CHECK_FALSE(Grants("legacy.query,*").has_legacy());
  CHECK_FALSE(Grants().Allow("public"));
}

}  // namespace
}  // namespace nscp::gateway
