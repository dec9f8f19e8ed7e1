// What every command of CheckHelpers is inside: a function from arguments to a result,
// made once at the module's start and called from many threads at a time.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "workers/checks/options.h"
#include "workers/sdk/module.h"

namespace nscp::check_helpers {

using Handler = std::function<sdk::CheckResult(const std::vector<std::string>& arguments,
                                               sdk::Call&)>;
using ParsedHandler =
    std::function<sdk::CheckResult(const checks::Arguments& arguments, sdk::Call&)>;
using Log = std::function<void(sdk::LogLevel, std::string_view)>;
using Clock = std::function<std::chrono::steady_clock::time_point()>;

// Reads the arguments with `options`, answers help and errors, calls `run` with the rest.
Handler WithOptions(checks::OptionTable options, ParsedHandler run);

// The query that the options `command` and `arguments` describe; the command in lower
// case.
sdk::Query WrappedQuery(const checks::Arguments& arguments);

}  // namespace nscp::check_helpers
