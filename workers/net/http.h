// One HTTP request by a check: any method and status, redirects if wanted, the body
// bounded. Bytes go through fetch's streams and exchange. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fetch/url.h"
#include "workers/net/connect.h"

namespace nscp::net {

constexpr size_t kMaxHttpBody = 16 * 1024 * 1024;

struct HttpCall {
  std::string url;  // http(s)://[user:password@]host[:port]/path
  std::string method = "GET";
  std::string body;
  std::string user;  // for the URL's own host alone, as password and headers are
  std::string password;
  std::vector<std::pair<std::string, std::string>> headers;
  bool follow = false;  // redirects
  int max_redirects = 15;
  TlsOptions tls;
  Family family = Family::kAny;
  size_t max_body = kMaxHttpBody;
};

struct HttpReply {
  int status = 0;
  std::string reason;  // bytes of the server
  std::string body;
  std::optional<int64_t> certificate_seconds;  // see fetch::Stream
};

// InvalidArgument: the URL or the options; NotFound: the host's name; DeadlineExceeded;
// ResourceExhausted: larger than `max_body`; PermissionDenied: the certificate; Aborted:
// refused; Unavailable: all else. No message holds user, password or query.
Result<HttpReply> AskHttp(const HttpCall& call, const Limit& limit);

// Host, port and target of an http(s) URL; InvalidArgument says what is wrong.
using fetch::Url;
Result<Url> TakeUrlApart(std::string_view url);

// The URL without user and password, whatever else is wrong with it.
std::string WithoutUser(std::string_view url);

// A word or value that would begin a new line of a request is none.
bool IsHeaderText(std::string_view text);

}  // namespace nscp::net
