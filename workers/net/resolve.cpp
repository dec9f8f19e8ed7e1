#include "workers/net/resolve.h"

#include "workers/net/dns_channel.h"

namespace nscp::net {
namespace {

struct FoundAddresses {
  bool done = false;
  int error = ARES_ECANCELLED;
  std::vector<std::string> addresses;
};

void TakeAddress(const ares_addrinfo_node& node, std::vector<std::string>* addresses) {
  char text[64] = "";
  const void* bytes = nullptr;
  if (node.ai_family == AF_INET) {
    bytes = &reinterpret_cast<const sockaddr_in*>(node.ai_addr)->sin_addr;
  } else if (node.ai_family == AF_INET6) {
    bytes = &reinterpret_cast<const sockaddr_in6*>(node.ai_addr)->sin6_addr;
  } else {
    return;
  }
  if (ares_inet_ntop(node.ai_family, bytes, text, sizeof text) == nullptr) return;
  for (const std::string& known : *addresses) {
    if (known == text) return;
  }
  addresses->emplace_back(text);
}

void OnAddresses(void* to, int error, int, ares_addrinfo* found) {
  auto& answer = *static_cast<FoundAddresses*>(to);
  answer.done = true;
  answer.error = error;
  for (auto* node = found != nullptr ? found->nodes : nullptr;
       node != nullptr && answer.addresses.size() < kMaxAddresses; node = node->ai_next) {
    TakeAddress(*node, &answer.addresses);
  }
  if (found != nullptr) ares_freeaddrinfo(found);
}

// An address, also one with the interface that it is reached by (RFC 4007).
bool IsAddress(const std::string& host, Family family) {
  unsigned char bytes[16];
  const std::string plain = host.substr(0, host.find('%'));
  if (family != Family::kV6 && ares_inet_pton(AF_INET, host.c_str(), bytes) == 1) {
    return true;
  }
  return family != Family::kV4 && ares_inet_pton(AF_INET6, plain.c_str(), bytes) == 1;
}

}  // namespace

Result<std::vector<std::string>> Resolve(const std::string& host, Family family,
                                         const Limit& limit) {
  if (IsAddress(host, family)) return std::vector<std::string>{host};
  // c-ares takes an address of the other family, or text behind a NUL, for a name.
  const bool is_name =
      !host.empty() && host.size() <= kMaxHostBytes &&
      host.find_first_of(std::string_view("\0:%", 3)) == std::string::npos &&
      !IsAddress(host, Family::kAny);
  if (!is_name) return Status::NotFound("there is no such name");
  DnsChannel channel;
  RETURN_IF_ERROR(channel.Open(0));
  ares_addrinfo_hints hints{};
  hints.ai_family = family == Family::kV4   ? AF_INET
                    : family == Family::kV6 ? AF_INET6
                                            : AF_UNSPEC;
  FoundAddresses answer;
  ares_getaddrinfo(channel.get(), host.c_str(), nullptr, &hints, OnAddresses, &answer);
  channel.Run(limit, answer.done);
  if (answer.error != ARES_SUCCESS) return DnsStatus(answer.error);
  if (answer.addresses.empty()) return DnsStatus(ARES_ENODATA);
  return std::move(answer.addresses);
}

}  // namespace nscp::net
