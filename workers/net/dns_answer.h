// Records in the answer of a DNS server. Pure; any thread. Sources: RFC 1035, RFC 3596.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::net {

// Their numbers in the protocol.
enum class DnsType : uint16_t {
  kA = 1,
  kNs = 2,
  kCname = 5,
  kSoa = 6,
  kPtr = 12,
  kMx = 15,
  kTxt = 16,
  kAaaa = 28,
};

// A AAAA MX TXT CNAME NS SOA PTR, in any case.
Result<DnsType> ParseDnsType(std::string_view text);
std::string_view DnsTypeName(DnsType type);

// The records of this type as text: an address, a name, "10 mail.example.org" (MX),
// "server mailbox serial refresh retry expire minimum" (SOA), a text's parts joined. They
// are bytes of the server. Unavailable: the answer is damaged. Names that point at
// themselves or beyond the answer are damage.
Result<std::vector<std::string>> ParseDnsAnswer(std::string_view answer, DnsType type);

}  // namespace nscp::net
