#include "workers/net/connect.h"

#include "workers/net/resolve.h"

namespace nscp::net {

std::string HostPort(const std::string& host, uint16_t port) {
  return (IsV6(host) ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

namespace {

Result<fetch::Socket> Connect(const Target& target, const Limit& limit) {
  const std::string doing = "Failed to connect to " + HostPort(target.host, target.port);
  const auto addresses = Resolve(target.host, target.family, limit);
  if (!addresses.ok()) return addresses.status().WithContext(doing);
  Status last = Status::DeadlineExceeded("not in time");
  for (size_t i = 0; i < addresses->size() && !limit.IsOver(); ++i) {
    const auto now = Clock::now();
    const auto share =
        (limit.deadline - now) / static_cast<int64_t>(addresses->size() - i);
    auto socket = fetch::Socket::ConnectAddress((*addresses)[i], target.port, now + share,
                                                limit.stop);
    if (socket.ok()) return socket;
    last = socket.status();
  }
  return last.WithContext(doing);
}

}  // namespace

Result<std::unique_ptr<Stream>> OpenStream(const Target& target, const TlsOptions* tls,
                                           const Limit& limit) {
  ASSIGN_OR_RETURN(fetch::Socket socket, Connect(target, limit));
  if (tls == nullptr) return fetch::NewPlainStream(std::move(socket), limit.deadline);
  auto stream = fetch::NewTlsStream(std::move(socket), target.host, *tls, limit.deadline);
  // A handshake that ends and one whose time is over look the same.
  if (!stream.ok() && limit.IsOver()) {
    return Status::DeadlineExceeded("the TLS handshake took too long");
  }
  return stream;
}

}  // namespace nscp::net
