// Checks that answer something fixed or run another check and change its answer
// (modules.md C3).
#pragma once

#include "workers/check_helpers/handler.h"

namespace nscp::check_helpers {

// check_ok, check_warning, check_critical: `state` with the given message.
Handler MakeFixed(sdk::State state);
// check_version.
Handler MakeVersion(std::string version);
// check_always_*: runs `<command> <arguments...>` and replaces the state.
Handler MakeAlways(sdk::State state);
// check_negate: maps the state of another check, each state once.
Handler MakeNegate();
// check_multi: several command lines, one result, the worst state.
Handler MakeMulti();
// check_timeout: another check with a limit of its own. `clock` tells how long it took.
Handler MakeTimeout(Clock clock);
// check_and_forward: runs a check and submits its result to a channel.
Handler MakeForward(Log log);

}  // namespace nscp::check_helpers
