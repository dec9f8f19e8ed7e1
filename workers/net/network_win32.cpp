// winsock2.h must come before anything that brings windows.h.
#include <winsock2.h>

#include <ares.h>

#include <system_error>
#include <thread>
#include <vector>

#include "workers/net/network.h"

namespace nscp::net {

// Both count their starts; the operating system undoes them at the process's end.
Status StartNetwork() {
  WSADATA data;
  if (const int error = ::WSAStartup(MAKEWORD(2, 2), &data); error != 0) {
    return Status::Unavailable("starting Winsock: " +
                               std::system_category().message(error));
  }
  if (const int error = ::ares_library_init(ARES_LIB_INIT_ALL); error != ARES_SUCCESS) {
    return Status::Unavailable(std::string("starting the resolver: ") +
                               ::ares_strerror(error));
  }
  return Status::Ok();
}

void Await(Awaited* sockets, size_t count, std::chrono::milliseconds longest) {
  if (count == 0) return std::this_thread::sleep_for(longest);
  std::vector<WSAPOLLFD> asked;
  for (size_t i = 0; i < count; ++i) {
    const int events =
        (sockets[i].to_read ? POLLIN : 0) | (sockets[i].to_write ? POLLOUT : 0);
    asked.push_back(
        {static_cast<SOCKET>(sockets[i].socket), static_cast<SHORT>(events), 0});
  }
  const int ready = ::WSAPoll(asked.data(), static_cast<ULONG>(asked.size()),
                              static_cast<INT>(longest.count()));
  for (size_t i = 0; i < count; ++i) {
    const int seen = ready > 0 ? asked[i].revents : 0;
    const bool is_broken = (seen & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    sockets[i].is_readable = sockets[i].to_read && ((seen & POLLIN) != 0 || is_broken);
    sockets[i].is_writable = sockets[i].to_write && ((seen & POLLOUT) != 0 || is_broken);
  }
}

}  // namespace nscp::net
