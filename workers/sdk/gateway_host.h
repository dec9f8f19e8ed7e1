// The kernel's own RPCs and its listening sockets, for workers that are a face of the
// agent to the outside (the gateway, listeners). StartContext.host of every module run by
// RunModule is one: static_cast it. Messages of nscp.v1 are the data model here, still
// without gRPC.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "proto/cpp/kernel_client.h"
#include "workers/sdk/module.h"

namespace nscp::sdk {

class GatewayHost : public Host {
 public:
  // Any thread, until Stop returns. Outside of a call of the kernel's: the manifest's
  // grants say what is allowed.
  virtual KernelClient& kernel() = 0;

  // A listening, non-blocking TCP socket that the kernel bound and keeps (Host.Listen);
  // the caller closes its copy. `name` is [a-z0-9-], one socket each; asking again with
  // another address moves it. Waits at most `limit`. A taken address is an error that
  // names it: try again later.
  virtual Result<int> Listen(const std::string& name, const std::string& address,
                             uint16_t port, std::chrono::milliseconds limit) = 0;
};

}  // namespace nscp::sdk
