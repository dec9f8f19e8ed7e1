#include <unistd.h>

#include "workers/sdk/sockets.h"

namespace nscp::sdk {

void CloseSocket(int descriptor) { ::close(descriptor); }

Result<int> BindAndListen(const std::string&, uint16_t) {
  return Status::Unimplemented(
      "binding a socket: on this system the kernel binds and passes listening sockets");
}

}  // namespace nscp::sdk
