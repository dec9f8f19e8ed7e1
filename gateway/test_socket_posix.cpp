#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/test_socket.h"

namespace nscp::gateway::testing {

ListeningSocket OpenListeningSocket() {
  ListeningSocket opened;
  opened.descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(opened.descriptor, raw, length) != 0 ||
      ::listen(opened.descriptor, 16) != 0 ||
      ::getsockname(opened.descriptor, raw, &length) != 0) {
    ::close(opened.descriptor);
    return {};
  }
  opened.port = ntohs(address.sin_port);
  return opened;
}

}  // namespace nscp::gateway::testing
