// The addresses of a host, from the file of hosts and DNS, and never later than a limit:
// c-ares asks with sockets of its own, where the system's getaddrinfo cannot be given up.
// What else nsswitch.conf may name (LDAP, mDNS) is not asked, unless the system's DNS
// server (such as systemd-resolved) passes it on. The configuration is read for each
// question, so a changed resolv.conf counts at once. Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/net/family.h"
#include "workers/net/limit.h"

namespace nscp::net {

constexpr size_t kMaxHostBytes = 255;
// Addresses of a host that are kept.
constexpr size_t kMaxAddresses = 64;

// Numeric addresses, the one to try first in front (RFC 6724), at least one. A host that
// is an address is its own answer. NotFound: there is no such host, or none of this
// family; DeadlineExceeded; Unavailable: the servers' fault.
Result<std::vector<std::string>> Resolve(const std::string& host, Family family,
                                         const Limit& limit);

}  // namespace nscp::net
