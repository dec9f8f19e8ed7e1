#include <winsock2.h>
#include <ws2tcpip.h>

#include <map>
#include <mutex>
#include <system_error>

#include "gateway/http/poller.h"

namespace nscp::gateway {
namespace {

// A datagram socket that is connected to itself: WSAPoll waits for sockets only.
Result<SOCKET> MakeWakeSocket() {
  WSADATA data;
  if (const int error = ::WSAStartup(MAKEWORD(2, 2), &data); error != 0) {
    return Status::Unavailable("starting Winsock: " +
                               std::system_category().message(error));
  }
  const SOCKET socket = ::socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
  sockaddr_in self{};
  self.sin_family = AF_INET;
  self.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int length = sizeof self;
  auto* address = reinterpret_cast<sockaddr*>(&self);
  u_long on = 1;
  if (socket == INVALID_SOCKET || ::bind(socket, address, length) != 0 ||
      ::getsockname(socket, address, &length) != 0 ||
      ::connect(socket, address, length) != 0 ||
      ::ioctlsocket(socket, static_cast<long>(FIONBIO), &on) != 0) {
    const std::string reason = std::system_category().message(::WSAGetLastError());
    if (socket != INVALID_SOCKET) ::closesocket(socket);
    return Status::Unavailable("making the event loop's wake-up: " + reason);
  }
  return socket;
}

class WsaPoller final : public Poller {
 public:
  explicit WsaPoller(SOCKET wake) : wake_(wake) {}
  ~WsaPoller() override { ::closesocket(wake_); }

  Status Add(Socket socket, uint64_t id, Io wanted) override {
    Arm(socket, id, wanted);
    return Status::Ok();
  }

  void Arm(Socket socket, uint64_t id, Io wanted) override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      armed_[id] = {static_cast<SOCKET>(socket), wanted};
    }
    Wake();  // a running WSAPoll doesn't see the new entry
  }

  void Remove(Socket, uint64_t id) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    armed_.erase(id);
  }

  std::vector<uint64_t> Wait(std::chrono::milliseconds timeout) override {
    std::vector<WSAPOLLFD> polled{{wake_, POLLRDNORM, 0}};
    std::vector<uint64_t> polled_ids{0};
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      for (const auto& [id, entry] : armed_) {
        const SHORT events = entry.wanted == Io::kWantWrite ? POLLWRNORM : POLLRDNORM;
        polled.push_back({entry.socket, events, 0});
        polled_ids.push_back(id);
      }
    }
    const int count = ::WSAPoll(polled.data(), static_cast<ULONG>(polled.size()),
                                static_cast<INT>(timeout.count()));
    std::vector<uint64_t> ids;
    if (count <= 0) return ids;
    if (polled[0].revents != 0) Drain();
    const std::lock_guard<std::mutex> lock(mutex_);
    for (size_t i = 1; i < polled.size(); ++i) {
      // What was removed in the meantime is reported to nobody.
      if (polled[i].revents != 0 && armed_.erase(polled_ids[i]) > 0) {
        ids.push_back(polled_ids[i]);
      }
    }
    return ids;
  }

  void Wake() override { ::send(wake_, "", 1, 0); }

 private:
  struct Entry {
    SOCKET socket;
    Io wanted;
  };

  void Drain() {
    char bytes[64];
    while (::recv(wake_, bytes, sizeof bytes, 0) > 0) {
    }
  }

  const SOCKET wake_;
  std::mutex mutex_;
  std::map<uint64_t, Entry> armed_;  // guarded by mutex_
};

}  // namespace

Result<std::unique_ptr<Poller>> Poller::Create() {
  ASSIGN_OR_RETURN(const SOCKET wake, MakeWakeSocket());
  return std::unique_ptr<Poller>(std::make_unique<WsaPoller>(wake));
}

}  // namespace nscp::gateway
