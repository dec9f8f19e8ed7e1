// The C library's memory, set up for a small process with many threads that mostly wait.
#pragma once

namespace nscp::sdk {

// Call before the first thread is started.
void KeepMemorySmall();

}  // namespace nscp::sdk
