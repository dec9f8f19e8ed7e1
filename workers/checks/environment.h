// What one run of a check is given from outside, so that the engine needs no clock, no
// log and no kernel of its own. Used by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "workers/sdk/module.h"

namespace nscp::checks {

using Log = std::function<void(sdk::LogLevel, std::string_view)>;

struct Environment {
  int64_t now = 0;  // seconds since 1970
  Log log;          // may be empty
  // True once nobody waits for the result: collecting stops. May be empty.
  std::function<bool()> cancelled;

  void Write(sdk::LogLevel level, std::string_view text) const {
    if (log) log(level, text);
  }
};

// What a module's call has: now, the module's log, and whether the call was cancelled.
// What is given must outlive it.
Environment EnvironmentOf(Log log, sdk::Call& call);
Environment EnvironmentOf(sdk::Host& host, sdk::Call& call);

}  // namespace nscp::checks
