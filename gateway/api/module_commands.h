// Commands to modules and how their outcome is told, shared by the command routes and by
// updates. Any thread.
#pragma once

#include <string>

#include "gateway/http/http.h"

namespace nscp::gateway {

struct Context;

// rest-api.md 5.4.1: 1..128 characters of [A-Za-z0-9._-], neither "." nor "..".
bool IsModuleName(const std::string& name);
Response ModuleNotFound(const std::string& name);

// load, unload, enable, disable, or reload (replaces the worker while it runs; not in
// NSClient++); waits until it is done. Another command is a 404. The
// caller's grant was checked before.
Response RunModuleCommand(const Context& context, const std::string& name,
                          const std::string& command);

// 200 with `message`: as text in v1; in v2 as {result, message}, unless the client's
// Accept header asks for something that is not JSON (section 11).
Response CommandAnswer(const Context& context, int status, int result,
                       const std::string& message);

}  // namespace nscp::gateway
