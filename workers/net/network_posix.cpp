#include <poll.h>

#include <vector>

#include "workers/net/network.h"

namespace nscp::net {

Status StartNetwork() { return Status::Ok(); }

void Await(Awaited* sockets, size_t count, std::chrono::milliseconds longest) {
  std::vector<pollfd> asked;
  for (size_t i = 0; i < count; ++i) {
    const int events =
        (sockets[i].to_read ? POLLIN : 0) | (sockets[i].to_write ? POLLOUT : 0);
    asked.push_back({static_cast<int>(sockets[i].socket), static_cast<short>(events), 0});
  }
  const int ready = ::poll(asked.data(), asked.size(), static_cast<int>(longest.count()));
  for (size_t i = 0; i < count; ++i) {
    const int seen = ready > 0 ? asked[i].revents : 0;
    const bool is_broken = (seen & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    sockets[i].is_readable = sockets[i].to_read && ((seen & POLLIN) != 0 || is_broken);
    sockets[i].is_writable = sockets[i].to_write && ((seen & POLLOUT) != 0 || is_broken);
  }
}

}  // namespace nscp::net
