// Echo requests and replies of ICMP and ICMPv6 as bytes. Pure; any thread. Sources: RFC
// 792, RFC 4443; the checksum is that of RFC 1071.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nscp::net {

struct Echo {
  uint16_t id = 0;
  uint16_t sequence = 0;
  std::string payload;
};

// ICMPv6's checksum is left to the system, which knows the addresses in it.
std::string EncodeEcho(const Echo& echo, bool is_v6);
// A reply (not a request, nor any other message); nothing for all else. The checksum is
// the system's business. `with_header`: an IPv4 header stands in front (a raw socket).
std::optional<Echo> DecodeReply(std::string_view packet, bool is_v6, bool with_header);
// From that IPv4 header; 0 without one.
int HeaderTtl(std::string_view packet);

}  // namespace nscp::net
