// For tests: the listening socket that the kernel would pass.
#pragma once

#include <cstdint>

namespace nscp::gateway::testing {

struct ListeningSocket {
  int descriptor = -1;
  uint16_t port = 0;
};

// On a free port of 127.0.0.1; -1 when there is none. The caller closes it.
ListeningSocket OpenListeningSocket();

}  // namespace nscp::gateway::testing
