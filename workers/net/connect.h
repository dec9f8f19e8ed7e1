// A TCP connection to a host, by name or address, in the clear or inside TLS. Any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "fetch/stream.h"
#include "workers/net/family.h"
#include "workers/net/limit.h"

namespace nscp::net {

using fetch::Stream;
using fetch::TlsOptions;

struct Target {
  std::string host;
  uint16_t port = 0;
  Family family = Family::kAny;
};

// Tries each address of the host, each with its share of the time; with `tls` (null =
// none) the handshake is done too. The stream reads and writes until the limit. NotFound:
// the name; DeadlineExceeded; Aborted: refused; PermissionDenied: the certificate;
// InvalidArgument and FailedPrecondition: `tls`; Unavailable: all else.
Result<std::unique_ptr<Stream>> OpenStream(const Target& target, const TlsOptions* tls,
                                           const Limit& limit);

// "host:80", "[::1]:80".
std::string HostPort(const std::string& host, uint16_t port);

}  // namespace nscp::net
