// Each resource adds its rows to the one table of routes. Called by Api's constructor.
#pragma once

#include "gateway/api/router.h"

namespace nscp::gateway {

void AddDiscovery(Router& router);
void AddLogin(Router& router);
void AddInfo(Router& router);
void AddModules(Router& router);
void AddModuleUpdates(Router& router);
void AddQueries(Router& router);
void AddAliases(Router& router);
void AddHealth(Router& router);

}  // namespace nscp::gateway
