// What is asked of a download, and the line of text in which nscp-fetch is told it on its
// standard input: "name=value" pairs with percent signs, joined by "&"
// (application/x-www-form-urlencoded). Pure; any thread. No OpenSSL and no HTTP: this is
// the part that a caller of the program links (nscp_fetch_request).
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::fetch {

constexpr size_t kMaxRequestLine = 32 * 1024;
// Where a caller names nothing else.
constexpr std::chrono::milliseconds kDefaultTimeout{30000};
constexpr size_t kDefaultMaxBytes = 16 * 1024 * 1024;

struct FetchRequest {
  std::string url;  // http(s)://[user:password@]host[:port]/path
  // TLS: the oldest version, "1.2" or "1.3"; whether the server must prove its name; the
  // file of trusted certificates, empty = the system's.
  std::string tls_version = "1.3";
  bool verify = true;
  std::string ca_file;
  std::string proxy;     // http://[user:password@]host:port/; empty = none
  std::string no_proxy;  // see NeedsNoProxy of url.h
  // Of all that happens: names, connections, redirects, the body.
  std::chrono::milliseconds timeout = kDefaultTimeout;
  size_t max_bytes = kDefaultMaxBytes;  // of the body
  std::string sha256;                   // 64 hex digits that it must have; empty = any
};

// For nscp-fetch: the request and the file to write.
std::string EncodeRequest(const FetchRequest& request, std::string_view file);
// InvalidArgument for a name that is unknown, missing or not what it should be.
Result<FetchRequest> DecodeRequest(std::string_view line, std::string* file);

}  // namespace nscp::fetch
