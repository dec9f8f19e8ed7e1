// The options of check_http as one call's plan. Pure; any thread.
#pragma once

#include "workers/check_net/asking.h"
#include "workers/check_net/check_http.h"

namespace nscp::check_net {

struct HttpPlan {
  net::HttpCall call;  // but its URL
  std::vector<std::string> urls;
  std::string expected;
  size_t kept_body = 0;  // bytes of each that a row keeps
  std::vector<JsonPath> paths;
};

void AddHttpOptions(checks::OptionTable& options);
Result<HttpPlan> ReadHttpPlan(const checks::Arguments& arguments,
                              const Surroundings& surroundings);
// Of json-path; InvalidArgument for one that is none, or has the name of a keyword.
Result<std::vector<JsonPath>> ReadJsonPaths(const checks::Arguments& arguments,
                                            const checks::KeywordTable& keywords);

}  // namespace nscp::check_net
