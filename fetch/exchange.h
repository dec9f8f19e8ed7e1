// One request and its answer over a stream that is open already. Writing the request and
// reading the answer's head and body are httplib's; what it may read is bounded here. One
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "fetch/stream.h"
#include "proto/cpp/status.h"

namespace nscp::fetch {

constexpr int kStatusOk = 200;
constexpr size_t kMaxStatusLine = 2048;
constexpr size_t kMaxHead = 32 * 1024;
// A body in chunks of one byte costs six on the way.
constexpr size_t kMaxOverhead = 8;

struct HttpRequest {
  std::string method;  // "GET", "CONNECT", "POST" ...
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body = {};
  // The bodies of all answers are wanted, not that of status 200 alone.
  bool any_status = false;
};
struct HttpAnswer {
  int status = 0;
  std::string reason;  // "OK", "Not Found": bytes of the server
  std::string location;
  std::string body;
};

// "Basic ...": the value of an Authorization or Proxy-Authorization header.
std::string BasicAuthorization(const std::string& user, const std::string& password);

// ResourceExhausted: head or body is too large. Unavailable: the connection ended, or its
// deadline came, before the answer was whole; or it is no HTTP.
Result<HttpAnswer> Ask(Stream& stream, const HttpRequest& request, size_t max_body);

}  // namespace nscp::fetch
