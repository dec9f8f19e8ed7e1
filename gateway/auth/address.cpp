#include "gateway/auth/address.h"

#include <algorithm>

namespace nscp::gateway {

std::optional<Address> UnmapV4(const Address& address) {
  if (address.v4) return std::nullopt;
  for (size_t i = 0; i < 10; ++i) {
    if (address.bytes[i] != 0) return std::nullopt;
  }
  if (address.bytes[10] != 0xff || address.bytes[11] != 0xff) return std::nullopt;
  Address inner;
  inner.v4 = true;
  std::copy(address.bytes.begin() + 12, address.bytes.end(), inner.bytes.begin());
  return inner;
}

bool SamePrefix(const Address& a, const Address& b, unsigned bits) {
  if (a.v4 != b.v4) return false;
  bits = std::min(bits, a.bits());
  const unsigned whole = bits / 8;
  if (!std::equal(a.bytes.begin(), a.bytes.begin() + whole, b.bytes.begin()))
    return false;
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  const unsigned mask = (0xffU << (8 - rest)) & 0xffU;
  return ((a.bytes[whole] ^ b.bytes[whole]) & mask) == 0;
}

}  // namespace nscp::gateway
