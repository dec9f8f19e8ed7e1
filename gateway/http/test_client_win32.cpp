#include <winsock2.h>

#include "gateway/http/test_client.h"

namespace nscp::gateway::testing {

bool WaitForSocket(int socket, bool read, std::chrono::milliseconds limit) {
  WSAPOLLFD wanted{static_cast<SOCKET>(socket),
                   static_cast<SHORT>(read ? POLLRDNORM : POLLWRNORM), 0};
  return ::WSAPoll(&wanted, 1, static_cast<INT>(limit.count())) == 1;
}

}  // namespace nscp::gateway::testing
