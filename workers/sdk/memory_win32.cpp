#include "workers/sdk/memory.h"

namespace nscp::sdk {

// One heap serves all threads of a Windows process.
void KeepMemorySmall() {}

}  // namespace nscp::sdk
