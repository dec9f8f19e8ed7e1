// The little of sockets that differs between systems and the SDK needs. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "proto/cpp/status.h"

namespace nscp::sdk {

constexpr int kListenBacklog = 512;

void CloseSocket(int descriptor);
// A listening, non-blocking TCP socket of this process's own, where the kernel cannot
// pass one. `address` numeric, empty = all IPv4 addresses.
Result<int> BindAndListen(const std::string& address, uint16_t port);

}  // namespace nscp::sdk
