#include "fetch/url.h"

#include <doctest/doctest.h>

namespace nscp::fetch {
namespace {

TEST_CASE("a URL falls into its parts") {
  const auto url = ParseUrl("https://me:s%40cret@Host.Example:8443/a/b.ini?x=y#part");
  REQUIRE(url.ok());
  CHECK(url->is_https);
  CHECK(url->host == "host.example");
  CHECK(url->port == 8443);
  CHECK(url->target == "/a/b.ini?x=y");
  CHECK(url->user == "me");
  CHECK(url->password == "s@cret");
  CHECK(ShownUrl(*url) == "https://host.example:8443/a/b.ini");
  CHECK(ParseUrl("http://h")->target == "/");
  CHECK(ParseUrl("http://h?q")->target == "/?q");
  CHECK(ParseUrl("HTTP://h/")->port == 80);
  CHECK(HostAndPort(*ParseUrl("https://[::1]/"), true) == "[::1]:443");
  CHECK(HostAndPort(*ParseUrl("https://[::1]:444/"), false) == "[::1]:444");
}

TEST_CASE("what is no URL is refused, and no secret of it is told") {
  for (const char* bad :
       {"", "h", "ftp://h/x", "http://", "http:///x", "http://h:0/", "http://h:99999/",
        "http://h:8x/", "http://[::1/", "http://[::1]x/", "http://h/a b",
        "http://h/a\r\nX: y", "http://me:s3cret@h h/?s3cret"}) {
    CAPTURE(bad);
    const auto url = ParseUrl(bad);
    CHECK(url.status().code() == Code::kInvalidArgument);
    CHECK(url.status().message().find("s3cret") == std::string::npos);
  }
}

TEST_CASE("a redirect keeps the credentials on its own host alone") {
  const Url from = *ParseUrl("https://me:pw@h/a/b?c");
  struct Case {
    const char *location, *shown, *user;
  };
  const Case cases[] = {
      {"/x?y", "https://h/x", "me"},
      {"x", "https://h/a/x", "me"},
      {"https://h:443/x", "https://h/x", "me"},
      {"https://h:444/x", "https://h:444/x", ""},
      {"//other/x", "https://other/x", ""},
      {"http://h/x", "http://h/x", ""},
      {"https://you:pw@h/x", "https://h/x", "you"},
      {"?a=http://x", "https://h/a/b", "me"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.location);
    const auto to = ResolveRedirect(from, c.location);
    REQUIRE(to.ok());
    CHECK(ShownUrl(*to) == c.shown);
    CHECK(to->user == c.user);
  }
  CHECK_FALSE(ResolveRedirect(from, "ftp://h/x").ok());
  CHECK_FALSE(ResolveRedirect(from, "/a\nb").ok());
}

TEST_CASE("hosts without a proxy are named whole, by their end, or all") {
  CHECK(NeedsNoProxy("a, .b.c ,10.0.0.1", "A"));
  CHECK(NeedsNoProxy("a,.b.c", "x.b.c"));
  CHECK(NeedsNoProxy("a,.b.c", "b.c"));
  CHECK(NeedsNoProxy("10.0.0.1", "10.0.0.1"));
  CHECK(NeedsNoProxy("*", "any"));
  CHECK_FALSE(NeedsNoProxy("a,.b.c", "xb.c"));
  CHECK_FALSE(NeedsNoProxy("b.c", "x.b.c"));
  CHECK_FALSE(NeedsNoProxy("", "a"));
}

}  // namespace
}  // namespace nscp::fetch
