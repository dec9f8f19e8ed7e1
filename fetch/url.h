// URLs of http and https, as far as a download needs them, and lists of hosts that need
// no proxy. Pure; any thread. Source: RFC 3986.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::fetch {

constexpr size_t kMaxUrlBytes = 8192;

struct Url {
  bool is_https = false;
  std::string host;  // in lower case; an IPv6 address without brackets
  uint16_t port = 0;
  std::string target = "/";  // path and query, never empty
  std::string user;          // with their percent signs decoded
  std::string password;
};

// InvalidArgument says what is wrong and shows no more than ShownUrl. Blanks, control
// characters and other bytes that would end a line of a request are wrong.
Result<Url> ParseUrl(std::string_view text);
// Where a redirect leads: `location` may be a whole URL or a path, "//host/path" too. The
// user and password of `from` are kept for the same scheme, host and port alone.
Result<Url> ResolveRedirect(const Url& from, std::string_view location);
// "https://host:8443/path", without user, password and query: for every text.
std::string ShownUrl(const Url& url);
// "host" or "host:8443", an IPv6 address in brackets: what the Host header holds.
std::string HostAndPort(const Url& url, bool always_with_port);

// `list` as in [proxy] of boot.ini: names and addresses, separated by commas; ".x.y"
// stands for all names that end so; "*" for all.
bool NeedsNoProxy(std::string_view list, std::string_view host);

}  // namespace nscp::fetch
