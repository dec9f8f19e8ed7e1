// Routes that are a command of a module: asked over Queries.Exec, and how what goes wrong
// is told (rest-api.md 5.7, 5.12). Any thread.
#pragma once

#include <string>
#include <vector>

#include "gateway/http/http.h"
#include "nscp/v1/queries.pb.h"
#include "proto/cpp/status.h"

namespace nscp::gateway {

struct Context;

// The module's answer with its code, or why there is none. `change` says what the command
// changes, for the audit; empty = nothing.
Result<v1::ExecResponse> ExecModule(const Context& context, const std::string& module,
                                    const std::string& command,
                                    const std::vector<std::string>& arguments,
                                    const std::string& change = "");

// 500 for a call without an answer, with the reason in the log: the policy's text, else
// "No response from module, is the <module>module loaded?". `named` is the part between.
Response NoModuleAnswer(const Context& context, const Status& status,
                        const std::string& named);
// 500 for an answer whose code is not 0.
Response CommandErrors(const v1::ExecResponse& answer);
// 500 for an answer that is not what the command promises.
Response InvalidModuleAnswer();

}  // namespace nscp::gateway
