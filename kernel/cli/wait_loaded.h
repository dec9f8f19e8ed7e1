// Waiting for a kernel's first loads, as long as nobody asks to stop. Any thread.
#pragma once

#include <atomic>
#include <chrono>

#include "kernel/core/kernel.h"

namespace nscp::kernel {

// Longer than the start of any module may last.
constexpr std::chrono::seconds kLoadLimit{15};

// Until each start has ended, well or badly, or `stop`, or kLoadLimit.
void WaitUntilLoaded(Kernel& kernel, const std::atomic<bool>& stop);

}  // namespace nscp::kernel
