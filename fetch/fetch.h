// Downloads one URL. The answer is whole and of status 200, or there is an error that
// says which URL (without user, password and query), what happened and what can be done.
//
// Redirects are followed, at most kMaxRedirects, never from https to http; user and
// password of the URL go to its own host alone. A proxy is asked for an http URL, and for
// a tunnel (CONNECT) for an https one; its user and password go to it alone.
//
// Blocks; any thread. No process is started and no environment variable read.
#pragma once

#include <string>

#include "fetch/request.h"
#include "proto/cpp/status.h"

namespace nscp::fetch {

constexpr int kMaxRedirects = 5;

struct Fetched {
  std::string bytes;
  std::string sha256;  // 64 hex digits
};
// InvalidArgument: the request. DeadlineExceeded: not within `timeout`. PermissionDenied:
// the server is not who it should be. FailedPrecondition: another status than 200, or
// another SHA-256. ResourceExhausted: larger than `max_bytes`. Unavailable: the network.
Result<Fetched> FetchIntoMemory(const FetchRequest& request);

// The same into a file, which is replaced when all is there and is as before on an error.
// Mode 0640; its folder must exist. `bytes` of the answer is empty.
Result<Fetched> FetchIntoFile(const FetchRequest& request, const std::string& file);

}  // namespace nscp::fetch
