// The kernel's gRPC face: listens, and translates requests to the rooms, nothing else.
// Its header knows no gRPC. Owned by the kernel.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "proto/cpp/status.h"

namespace nscp::kernel {

class Kernel;

class Server {
 public:
  // Listens at once, but refuses every call until Open(): the address is needed before
  // the rooms are complete. `kernel` outlives it.
  static Result<std::unique_ptr<Server>> Open(Kernel& kernel, const std::string& address);
  virtual ~Server() = default;

  virtual const std::string& target() const = 0;
  virtual void Open() = 0;
  // Takes no new calls; those running have `limit` to end. Idempotent.
  virtual void Close(std::chrono::milliseconds limit) = 0;
};

}  // namespace nscp::kernel
