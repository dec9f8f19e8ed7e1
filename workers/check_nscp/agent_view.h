// What the agent knows about its own health, as the check needs it. Plain data.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "proto/cpp/status.h"

namespace nscp::check_nscp {

struct AgentFacts {
  // Worker processes that ended unwanted since the agent started, and of the last one the
  // module and the reason ("CheckSystem: killed by signal 11").
  uint64_t crashes = 0;
  std::string last_crash;
  // Lines of level error and critical since the module was loaded, and the last one.
  uint64_t errors = 0;
  std::string last_error;
  std::chrono::microseconds uptime{0};  // of the agent
};

class AgentView {
 public:
  virtual ~AgentView() = default;
  // Waits at most `limit`. Any thread.
  virtual Result<AgentFacts> Read(std::chrono::milliseconds limit) = 0;
};

}  // namespace nscp::check_nscp
