#include "workers/checks/environment.h"

#include <chrono>
#include <utility>

namespace nscp::checks {

Environment EnvironmentOf(Log log, sdk::Call& call) {
  Environment environment;
  environment.now = std::chrono::duration_cast<std::chrono::seconds>(
                        std::chrono::system_clock::now().time_since_epoch())
                        .count();
  environment.log = std::move(log);
  environment.cancelled = [&call] { return call.cancelled(); };
  return environment;
}

Environment EnvironmentOf(sdk::Host& host, sdk::Call& call) {
  return EnvironmentOf(
      [&host](sdk::LogLevel level, std::string_view text) { host.Log(level, text); },
      call);
}

}  // namespace nscp::checks
