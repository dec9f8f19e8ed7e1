// What another agent answers to a query over REST, as a result of ours. Pure; any thread.
// Source: docs/api/queries.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"
#include "workers/sdk/check_result.h"

namespace nscp::check_net {

// State, lines and performance data of the answer to commands/execute, of /api/v1 (the
// result a number) and /api/v2 (a word). InvalidArgument when it is none.
Result<sdk::CheckResult> ParseWebAnswer(std::string_view body);

// A query's arguments behind the "?" of its URL.
std::string EncodeArguments(const std::vector<std::string>& arguments);

}  // namespace nscp::check_net
