// A numeric IP address as the access rules see it, and the way from a name to its
// addresses. Values and free functions; any thread. ResolveName blocks for as long as the
// system's resolver does.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nscp::gateway {

struct Address {
  bool v4 = false;
  std::array<uint8_t, 16>
      bytes{};  // in network order; an IPv4 address fills the first four

  unsigned bits() const { return v4 ? 32 : 128; }
};

// A numeric IPv4 or IPv6 address without port, brackets or zone; nothing for all else.
std::optional<Address> ParseAddress(std::string_view text);

// The IPv4 address inside a v4-mapped one (::ffff:a.b.c.d); nothing for all others.
std::optional<Address> UnmapV4(const Address& address);

// True when the first `bits` of both are equal and both are of one family.
bool SamePrefix(const Address& a, const Address& b, unsigned bits);

// All A and AAAA records of a name; empty when it has none or cannot be looked up.
std::vector<Address> ResolveName(const std::string& name);

}  // namespace nscp::gateway
