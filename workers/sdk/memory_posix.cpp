#include <malloc.h>

#include "workers/sdk/memory.h"

namespace nscp::sdk {
namespace {

// glibc gives nearly every thread an arena, eight for each core, and an arena keeps what
// it once held: a worker would never be small again after a burst of calls.
[[maybe_unused]] constexpr int kArenas = 2;

}  // namespace

void KeepMemorySmall() {
#ifdef __GLIBC__
  ::mallopt(M_ARENA_MAX, kArenas);
#endif
}

}  // namespace nscp::sdk
