#include "kernel/cli/wait_loaded.h"

namespace nscp::kernel {
namespace {

// How late `stop` may be seen.
constexpr std::chrono::milliseconds kStep{100};

}  // namespace

void WaitUntilLoaded(Kernel& kernel, const std::atomic<bool>& stop) {
  const auto limit = std::chrono::steady_clock::now() + kLoadLimit;
  while (!stop && !kernel.WaitLoaded(kStep) && std::chrono::steady_clock::now() < limit) {
  }
}

}  // namespace nscp::kernel
