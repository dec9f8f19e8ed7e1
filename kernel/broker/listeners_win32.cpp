#include "kernel/broker/listeners.h"

namespace nscp::kernel {

const bool Listeners::kSupported = false;

Listeners::~Listeners() = default;

Result<int> Listeners::Acquire(const std::string&, const std::string&, const std::string&,
                               uint16_t, int) {
  return Status::Unimplemented("keeping a socket for a worker: not on this system");
}

void Listeners::Release(const std::string&) {}

}  // namespace nscp::kernel
