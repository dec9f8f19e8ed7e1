// A check's result as JSON, in the form of the REST interface. Pure. Source: the REST
// interface's specification, execute of queries.
#pragma once

#include <string>

#include "nscp/v1/check.pb.h"

namespace nscp::kernel {

// {"command", "result", "lines": [{"message", "perf": {label: {...}}}]}
std::string ResultJson(const std::string& command, const v1::CheckResult& result);

}  // namespace nscp::kernel
