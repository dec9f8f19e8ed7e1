// AgentView over the kernel's RPCs: slots and their end records for crashes, a watched
// log for errors. The only file of the module that knows messages: health is the kernel's
// to tell, and no plain type of the SDK carries it.
#pragma once

#include <memory>

#include "proto/cpp/kernel_client.h"
#include "workers/check_nscp/agent_view.h"

namespace nscp::check_nscp {

constexpr size_t kMaxErrorText = 1000;  // bytes kept of the last error's first line

// `now_us`: microseconds since 1970. Crashes and uptime alone.
AgentFacts FactsOf(const v1::ListModulesResponse& modules,
                   const v1::GetHostStatusResponse& host, int64_t now_us);

// Counts errors from now on; needs the grant READ_TELEMETRY. Waits at most `limit` until
// nothing more can be missed. `kernel` outlives the view.
std::unique_ptr<AgentView> MakeKernelView(KernelClient& kernel,
                                          std::chrono::milliseconds limit);

}  // namespace nscp::check_nscp
