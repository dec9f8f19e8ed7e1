// Running one query for an HTTP client, and what its result looks like in each of the
// API's forms (rest-api.md 5.5 and 6.1). Any thread; blocks as long as the check runs.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "gateway/http/http.h"
#include "json/writer.h"
#include "workers/sdk/check_result.h"

namespace nscp::gateway {

struct Context;

// Without a word from the client: the kernel's own limit of 70 s and some time for its
// answer.
inline constexpr std::chrono::milliseconds kQueryLimit{72000};

// The parameters as the argument vector: "k" for both "k" and "k=", else "k=v", in order.
// A token that a legacy client put among them is left out.
std::vector<std::string> ArgumentsOf(const Context& context);

// X-Nsc-Web-Timeout in seconds, such as "10.00", less the time the answer needs on its
// way; kQueryLimit without a usable one.
std::chrono::milliseconds QueryLimit(const Request& request);

// Never fails: what goes wrong is an UNKNOWN result that says so. `command` is always
// filled.
sdk::CheckResult ExecuteQuery(const Context& context, const std::string& command);
sdk::CheckResult ExecuteQuery(const Context& context, const std::string& command,
                              std::vector<std::string> arguments);

// "value", "unit", "minimum", ... of one item, into an object that is already begun.
void WriteNumber(const sdk::PerfValue& perf, json::Writer& out);

// {"command","result":0,"lines":[{"message","perf":{...}}]}
std::string ResultAsJson(const sdk::CheckResult& result);
// {"command","result":"OK","lines":[{"message","perf":"'a'=1"}]}
std::string ResultAsNagios(const sdk::CheckResult& result);
// 200, 202, 500 or 503 with "message|perf\n" for each line.
Response ResultAsText(const sdk::CheckResult& result);

}  // namespace nscp::gateway
