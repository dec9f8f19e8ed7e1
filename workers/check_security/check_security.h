// The module CheckSecurity: certificates, and who is logged on (modules.md C10). Its
// facts (names, titles, settings) stand in CheckSecurity.json.in.
#pragma once

#include <memory>

#include "workers/sdk/module.h"

namespace nscp::check_security {

std::unique_ptr<sdk::Module> MakeCheckSecurity();

}  // namespace nscp::check_security
