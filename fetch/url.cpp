#include "fetch/url.h"

#include <algorithm>

#include "proto/cpp/text.h"

namespace nscp::fetch {
namespace {

constexpr std::string_view kHttp = "http://";
constexpr std::string_view kHttps = "https://";
constexpr uint16_t kHttpPort = 80;
constexpr uint16_t kHttpsPort = 443;
constexpr uint32_t kMaxPort = 65535;

Status Bad(const std::string& why) {
  return Status::InvalidArgument("the URL " + why +
                                 "; it is http(s)://[user:password@]host[:port]/path");
}

bool IsVisible(char c) { return c > ' ' && c != '\x7f'; }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string Decoded(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool has_two = text[i] == '%' && i + 2 < text.size();
    const int high = has_two ? HexDigit(text[i + 1]) : -1;
    const int low = has_two ? HexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

Status TakePort(std::string_view text, Url* url) {
  uint32_t port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || port > kMaxPort) return Bad("has a port that is no number");
    port = port * 10 + static_cast<uint32_t>(c - '0');
  }
  if (text.empty()) return Status::Ok();
  if (port == 0 || port > kMaxPort) return Bad("has a port beyond 1 to 65535");
  url->port = static_cast<uint16_t>(port);
  return Status::Ok();
}

Status TakeHost(std::string_view text, Url* url) {
  std::string_view host = text;
  std::string_view port;
  if (StartsWith(text, "[")) {
    const size_t close = text.find(']');
    if (close == std::string_view::npos) return Bad("has a bracket that does not close");
    host = text.substr(1, close - 1);
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && rest[0] != ':') return Bad("has text after the address");
    if (!rest.empty()) port = rest.substr(1);
  } else if (const size_t colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  const bool is_clean = std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '.' || c == '-' || c == '_' || c == ':';
  });
  if (host.empty() || !is_clean) return Bad("has no host, or one with odd characters");
  url->host = ToLowerAscii(host);
  return TakePort(port, url);
}

bool IsSameOrigin(const Url& a, const Url& b) {
  return a.is_https == b.is_https && a.host == b.host && a.port == b.port;
}

}  // namespace

Result<Url> ParseUrl(std::string_view text) {
  if (text.size() > kMaxUrlBytes) {
    return Bad("is longer than " + std::to_string(kMaxUrlBytes) + " bytes");
  }
  if (!std::all_of(text.begin(), text.end(), IsVisible)) {
    return Bad("holds a blank or a control character; write it as %20");
  }
  Url url;
  url.is_https = EqualsIgnoreCase(text.substr(0, kHttps.size()), kHttps);
  if (!url.is_https && !EqualsIgnoreCase(text.substr(0, kHttp.size()), kHttp)) {
    return Bad("begins neither with http:// nor with https://");
  }
  text.remove_prefix(url.is_https ? kHttps.size() : kHttp.size());
  url.port = url.is_https ? kHttpsPort : kHttpPort;
  text = text.substr(0, text.find('#'));
  const size_t path = text.find_first_of("/?");
  std::string_view authority = text.substr(0, path);
  if (path != std::string_view::npos) {
    url.target = (text[path] == '?' ? "/" : "") + std::string(text.substr(path));
  }
  if (const size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = authority.substr(0, at);
    const size_t colon = user.find(':');
    url.user = Decoded(user.substr(0, colon));
    if (colon != std::string_view::npos) url.password = Decoded(user.substr(colon + 1));
    authority.remove_prefix(at + 1);
  }
  RETURN_IF_ERROR(TakeHost(authority, &url));
  return url;
}

Result<Url> ResolveRedirect(const Url& from, std::string_view location) {
  location = Trim(location);
  const std::string scheme = from.is_https ? "https:" : "http:";
  const std::string origin = scheme + "//" + HostAndPort(from, true);
  std::string whole;
  if (location.find("://") != std::string_view::npos &&
      location.find("://") < location.find_first_of("/?#")) {
    whole = location;
  } else if (StartsWith(location, "//")) {
    whole = scheme + std::string(location);
  } else if (StartsWith(location, "/")) {
    whole = origin + std::string(location);
  } else {
    const std::string path = from.target.substr(0, from.target.find('?'));
    const bool is_query = StartsWith(location, "?");
    const std::string beside = is_query ? path : path.substr(0, path.rfind('/') + 1);
    whole = origin + beside + std::string(location);
  }
  ASSIGN_OR_RETURN(Url to, ParseUrl(whole));
  if (to.user.empty() && IsSameOrigin(from, to)) {
    to.user = from.user;
    to.password = from.password;
  }
  return to;
}

std::string HostAndPort(const Url& url, bool always_with_port) {
  const bool is_v6 = url.host.find(':') != std::string::npos;
  const std::string host = is_v6 ? "[" + url.host + "]" : url.host;
  const bool is_default = url.port == (url.is_https ? kHttpsPort : kHttpPort);
  if (is_default && !always_with_port) return host;
  return host + ":" + std::to_string(url.port);
}

std::string ShownUrl(const Url& url) {
  return std::string(url.is_https ? kHttps : kHttp) + HostAndPort(url, false) +
         url.target.substr(0, url.target.find('?'));
}

bool NeedsNoProxy(std::string_view list, std::string_view host) {
  const std::string wanted = ToLowerAscii(host);
  for (const std::string& part : SplitList(list)) {
    const std::string entry = ToLowerAscii(part);
    if (entry == "*" || entry == wanted) return true;
    if (entry[0] == '.' && (EndsWith(wanted, entry) || entry.substr(1) == wanted)) {
      return true;
    }
  }
  return false;
}

}  // namespace nscp::fetch
