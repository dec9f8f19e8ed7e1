// IcmpSendEcho2 and Icmp6SendEcho2 of iphlpapi: they need no administrator.
// winsock2.h must come before anything that brings windows.h.
#include <winsock2.h>
#include <ws2tcpip.h>

#include <iphlpapi.h>
// These two need the types above.
#include <icmpapi.h>
#include <ipexport.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "proto/cpp/windows_win32.h"
#include "workers/net/icmp.h"

namespace nscp::net {
namespace {

// Behind a reply stand eight bytes of an ICMP error and Windows' own record of the
// request.
constexpr size_t kReplyTail = 64;
// How long Windows may take to give up a request that nobody waits for any more.
constexpr DWORD kCancelMilliseconds = 1000;

// As ipexport.h of Windows has it and that of mingw-w64 has not; the address is packed.
struct V6EchoReply {
  unsigned char address[26];
  ULONG status;
  ULONG milliseconds;
};
static_assert(sizeof(V6EchoReply) == 36, "the address is followed by two bytes of room");

// What Windows calls IP_STATUS has no words of the system's own.
Status EchoStatus(ULONG status) {
  switch (status) {
    case IP_REQ_TIMED_OUT:
      return Status::DeadlineExceeded("no answer in time");
    case IP_DEST_NET_UNREACHABLE:
      return Status::Unavailable("Network is unreachable");
    case IP_DEST_HOST_UNREACHABLE:
      return Status::Unavailable("Host is unreachable");
    case IP_TTL_EXPIRED_TRANSIT:
    case IP_TTL_EXPIRED_REASSEM:
      return Status::Unavailable("Its time to live was over on the way");
    case IP_PACKET_TOO_BIG:
    case IP_BUF_TOO_SMALL:
      return Status::Unavailable("The packet is too big");
    case IP_GENERAL_FAILURE:
      return Status::Unavailable("There is no way to it");
    default:
      return WindowsStatus("The echo was not answered", status);
  }
}

// A request on its way. Windows writes into its memory until `done` is set.
struct Request {
  Handle done{::CreateEventW(nullptr, TRUE, FALSE, nullptr)};
  std::vector<char> payload;
  std::vector<char> reply;
};

DWORD Left(const Limit& limit) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(limit.deadline - Clock::now());
  constexpr long long kMost = 3600 * 1000;
  return static_cast<DWORD>(std::clamp<long long>(left.count(), 1, kMost));
}

// The error of sending; ERROR_IO_PENDING: it is on its way.
DWORD Send(HANDLE handle, const std::string& target, bool is_v6, int ttl,
           Request& request, DWORD timeout) {
  IP_OPTION_INFORMATION options{};
  options.Ttl = static_cast<UCHAR>(ttl);
  IP_OPTION_INFORMATION* given = ttl > 0 ? &options : nullptr;
  const auto size = static_cast<WORD>(request.payload.size());
  const auto reply_size = static_cast<DWORD>(request.reply.size());
  DWORD replies = 0;
  if (is_v6) {
    sockaddr_in6 from{};
    from.sin6_family = AF_INET6;
    sockaddr_in6 to{};
    std::memcpy(&to, target.data(), sizeof(to));
    replies = ::Icmp6SendEcho2(handle, request.done.get(), nullptr, nullptr, &from, &to,
                               request.payload.data(), size, given, request.reply.data(),
                               reply_size, timeout);
  } else {
    sockaddr_in to{};
    std::memcpy(&to, target.data(), sizeof(to));
    replies = ::IcmpSendEcho2(handle, request.done.get(), nullptr, nullptr,
                              to.sin_addr.s_addr, request.payload.data(), size, given,
                              request.reply.data(), reply_size, timeout);
  }
  return replies != 0 ? NO_ERROR : ::GetLastError();
}

// Until Windows has an answer or gives up. False: the caller has gone.
bool AwaitReply(const Request& request, const Limit& limit) {
  for (;;) {
    const auto slice = std::max<long long>(limit.Slice().count(), 1);
    if (::WaitForSingleObject(request.done.get(), static_cast<DWORD>(slice)) ==
        WAIT_OBJECT_0) {
      return true;
    }
    if (limit.IsStopped()) return false;
    // Windows' own limit is the same one; it may be a little late.
    if (Clock::now() >= limit.deadline + std::chrono::milliseconds(kCancelMilliseconds)) {
      return false;
    }
  }
}

Result<EchoReply> ReadReply(Request& request, bool is_v6) {
  const auto size = static_cast<DWORD>(request.reply.size());
  EchoReply answer;
  if (is_v6) {
    if (::Icmp6ParseReplies(request.reply.data(), size) == 0) {
      return EchoStatus(::GetLastError());
    }
    const auto* reply = reinterpret_cast<const V6EchoReply*>(request.reply.data());
    if (reply->status != IP_SUCCESS) return EchoStatus(reply->status);
    answer.milliseconds = reply->milliseconds;
    return answer;
  }
  if (::IcmpParseReplies(request.reply.data(), size) == 0) {
    return EchoStatus(::GetLastError());
  }
  const auto* reply = reinterpret_cast<const ICMP_ECHO_REPLY*>(request.reply.data());
  if (reply->Status != IP_SUCCESS) return EchoStatus(reply->Status);
  answer.milliseconds = reply->RoundTripTime;
  answer.ttl = reply->Options.Ttl;
  return answer;
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
  const HANDLE handle = is_v6 ? ::Icmp6CreateFile() : ::IcmpCreateFile();
  if (handle == INVALID_HANDLE_VALUE) return LastError("Failed to open Windows' ICMP");
  EchoSocket socket(reinterpret_cast<intptr_t>(handle), is_v6, false);
  socket.target_.assign(reinterpret_cast<const char*>(found->ai_addr), found->ai_addrlen);
  socket.ttl_ = ttl;
  return socket;
}

EchoSocket::~EchoSocket() {
  if (handle_ != kNone) ::IcmpCloseHandle(reinterpret_cast<HANDLE>(handle_));
}

// Windows numbers its requests itself.
Result<EchoReply> EchoSocket::Ask(uint16_t, std::string_view payload,
                                  const Limit& limit) const {
  if (limit.IsOver()) return EchoStatus(IP_REQ_TIMED_OUT);
  auto request = std::make_unique<Request>();
  if (!request->done.open()) return LastError("Failed to wait for an echo");
  request->payload.assign(payload.begin(), payload.end());
  const size_t head = is_v6_ ? sizeof(V6EchoReply) : sizeof(ICMP_ECHO_REPLY);
  request->reply.resize(head + payload.size() + kReplyTail);
  const auto handle = reinterpret_cast<HANDLE>(handle_);
  const DWORD error = Send(handle, target_, is_v6_, ttl_, *request, Left(limit));
  if (error != NO_ERROR && error != ERROR_IO_PENDING) return EchoStatus(error);
  if (error == ERROR_IO_PENDING && !AwaitReply(*request, limit)) {
    ::CancelIoEx(handle, nullptr);
    if (::WaitForSingleObject(request->done.get(), kCancelMilliseconds) !=
        WAIT_OBJECT_0) {
      // Windows may still write into its memory: it is left to it.
      static_cast<void>(request.release());
    }
    return EchoStatus(IP_REQ_TIMED_OUT);
  }
  return ReadReply(*request, is_v6_);
}

}  // namespace nscp::net
