#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "kernel/broker/listeners.h"

namespace nscp::kernel {
namespace {

Result<int> Bind(const std::string& address, uint16_t port, int backlog) {
  const std::string where =
      (address.empty() ? "0.0.0.0" : address) + ":" + std::to_string(port);
  addrinfo hints{};
  hints.ai_family = address.empty() ? AF_INET : AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int bad = ::getaddrinfo(address.empty() ? nullptr : address.c_str(),
                                std::to_string(port).c_str(), &hints, &found);
  if (bad != 0) {
    return Status::InvalidArgument("binding " + where + ": " + ::gai_strerror(bad) +
                                   "; \"bind to\" wants a numeric address");
  }
  const int one = 1;
  const int fd =
      ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const bool listening =
      fd >= 0 && ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
      ::bind(fd, found->ai_addr, found->ai_addrlen) == 0 && ::listen(fd, backlog) == 0;
  const int error = errno;
  ::freeaddrinfo(found);
  if (listening) return fd;
  if (fd >= 0) ::close(fd);
  std::string hint;
  if (error == EADDRINUSE) hint = "; another program (or another agent) has this port";
  if (error == EACCES) hint = "; ports below 1024 need root or CAP_NET_BIND_SERVICE";
  return Status::Unavailable("binding " + where + ": " + std::strerror(error) + hint);
}

}  // namespace

const bool Listeners::kSupported = true;

Listeners::~Listeners() {
  for (const auto& [key, socket] : sockets_) ::close(socket.descriptor);
}

Result<int> Listeners::Acquire(const std::string& slot, const std::string& name,
                               const std::string& address, uint16_t port, int backlog) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto key = std::make_pair(slot, name);
  const auto found = sockets_.find(key);
  if (found != sockets_.end() && found->second.address == address &&
      found->second.port == port) {
    return found->second.descriptor;
  }
  if (found == sockets_.end() && sockets_.size() >= kMaxSockets) {
    return Status::ResourceExhausted("keeping more than " + std::to_string(kMaxSockets) +
                                     " listening sockets");
  }
  ASSIGN_OR_RETURN(const int descriptor,
                   Bind(address, port, backlog > 0 ? backlog : kDefaultBacklog));
  if (found != sockets_.end()) ::close(found->second.descriptor);
  sockets_[key] = {address, port, descriptor};
  return descriptor;
}

void Listeners::Release(const std::string& slot) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto it = sockets_.begin(); it != sockets_.end();) {
    if (it->first.first == slot) {
      ::close(it->second.descriptor);
      it = sockets_.erase(it);
    } else {
      ++it;
    }
  }
}

}  // namespace nscp::kernel
