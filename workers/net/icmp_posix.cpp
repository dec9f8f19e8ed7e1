#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>

#include "proto/cpp/secret.h"
#include "workers/net/family.h"
#include "workers/net/icmp.h"
#include "workers/net/icmp_packet.h"
#include "workers/net/network.h"

namespace nscp::net {
namespace {

constexpr size_t kMaxPacket = 65536;

struct Packet {
  std::string bytes;
  int ttl = 0;
};

Status EchoError(int error) {
  return Status::Unavailable(std::generic_category().message(error));
}

Status NotAllowed() {
  return Status::PermissionDenied(
      "Pinging is not allowed to the agent's account: put its group into "
      "net.ipv4.ping_group_range (sysctl), or give the agent's service the capability "
      "CAP_NET_RAW (AmbientCapabilities=CAP_NET_RAW in its systemd unit)");
}

void SetNumber(int fd, int level, int name, int number) {
  ::setsockopt(fd, level, name, &number, sizeof number);
}

void Configure(int fd, bool is_v6, int ttl) {
  if (is_v6) {
    SetNumber(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
    if (ttl > 0) SetNumber(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, ttl);
  } else {
    SetNumber(fd, IPPROTO_IP, IP_RECVTTL, 1);
    if (ttl > 0) SetNumber(fd, IPPROTO_IP, IP_TTL, ttl);
  }
}

int TtlOf(const msghdr& message) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(const_cast<msghdr*>(&message), part)) {
    const bool is_ttl =
        (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_TTL) ||
        (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_HOPLIMIT);
    if (!is_ttl || part->cmsg_len < CMSG_LEN(sizeof(int))) continue;
    int ttl = 0;
    std::memcpy(&ttl, CMSG_DATA(part), sizeof ttl);
    return ttl;
  }
  return 0;
}

// Nothing when none is there yet.
Result<std::optional<Packet>> TakePacket(int fd) {
  Packet packet;
  packet.bytes.resize(kMaxPacket);
  alignas(cmsghdr) std::array<char, 256> control{};
  iovec part = {packet.bytes.data(), packet.bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t size = ::recvmsg(fd, &message, 0);
  if (size < 0) {
    if (errno == EAGAIN || errno == EINTR) return std::optional<Packet>();
    return EchoError(errno);
  }
  packet.bytes.resize(static_cast<size_t>(size));
  packet.ttl = TtlOf(message);
  return std::optional<Packet>(std::move(packet));
}

}  // namespace

Result<EchoSocket> EchoSocket::Open(const std::string& address, int ttl) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.c_str(), nullptr, &hints, &found) != 0) {
    return Status::InvalidArgument("\"" + address + "\" is no address");
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  const bool is_v6 = found->ai_family == AF_INET6;
  const int protocol = is_v6 ? static_cast<int>(IPPROTO_ICMPV6) : IPPROTO_ICMP;
  constexpr int kFlags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  bool is_raw = false;
  int fd = ::socket(found->ai_family, SOCK_DGRAM | kFlags, protocol);
  if (fd < 0) {
    is_raw = true;
    fd = ::socket(found->ai_family, SOCK_RAW | kFlags, protocol);
  }
  if (fd < 0) {
    return errno == EPERM || errno == EACCES ? NotAllowed() : EchoError(errno);
  }
  EchoSocket socket(fd, is_v6, is_raw);
  Configure(fd, is_v6, ttl);
  if (::connect(fd, found->ai_addr, found->ai_addrlen) != 0) return EchoError(errno);
  ASSIGN_OR_RETURN(const std::string random, RandomBytes(sizeof socket.id_));
  std::memcpy(&socket.id_, random.data(), sizeof socket.id_);
  return socket;
}

EchoSocket::~EchoSocket() {
  if (handle_ != kNone) ::close(static_cast<int>(handle_));
}

Result<EchoReply> EchoSocket::Ask(uint16_t sequence, std::string_view payload,
                                  const Limit& limit) const {
  const int fd = static_cast<int>(handle_);
  const std::string request = EncodeEcho({id_, sequence, std::string(payload)}, is_v6_);
  const auto start = Clock::now();
  if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
    return EchoError(errno);
  }
  const bool with_header = is_raw_ && !is_v6_;
  for (;;) {
    Awaited awaited{handle_, true, false};
    Await(&awaited, 1, limit.Slice());
    if (awaited.is_readable) {
      ASSIGN_OR_RETURN(const auto packet, TakePacket(fd));
      const auto reply = packet ? DecodeReply(packet->bytes, is_v6_, with_header)
                                : std::optional<Echo>();
      // A raw socket hears the replies to others too.
      const bool is_ours = reply && reply->sequence == sequence &&
                           (!is_raw_ || reply->id == id_) && reply->payload == payload;
      if (is_ours) {
        const std::chrono::duration<double, std::milli> took = Clock::now() - start;
        return EchoReply{took.count(),
                         with_header ? HeaderTtl(packet->bytes) : packet->ttl};
      }
    }
    if (limit.IsOver()) return Status::DeadlineExceeded("no reply in time");
  }
}

}  // namespace nscp::net
