#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "gateway/auth/address.h"

namespace nscp::gateway {

std::optional<Address> ParseAddress(std::string_view text) {
  const std::string terminated(text);
  Address address;
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1) {
    address.v4 = true;
  } else if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) != 1) {
    return std::nullopt;
  }
  // inet_pton stops at a NUL, the text does not.
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  return address;
}

std::vector<Address> ResolveName(const std::string& name) {
  std::vector<Address> addresses;
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(name.c_str(), nullptr, &hints, &found) != 0) return addresses;
  for (const addrinfo* item = found; item != nullptr; item = item->ai_next) {
    Address address;
    if (item->ai_family == AF_INET) {
      address.v4 = true;
      const auto* raw = reinterpret_cast<const sockaddr_in*>(item->ai_addr);
      std::memcpy(address.bytes.data(), &raw->sin_addr, 4);
    } else if (item->ai_family == AF_INET6) {
      const auto* raw = reinterpret_cast<const sockaddr_in6*>(item->ai_addr);
      std::memcpy(address.bytes.data(), &raw->sin6_addr, 16);
    } else {
      continue;
    }
    addresses.push_back(address);
  }
  freeaddrinfo(found);
  return addresses;
}

}  // namespace nscp::gateway
