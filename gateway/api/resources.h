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
void AddLogs(Router& router);
void AddMetadata(Router& router);
void AddMetrics(Router& router);
void AddOpenApi(Router& router);
void AddEvents(Router& router);
void AddEventStreams(Router& router);
void AddTags(Router& router);
void AddScripts(Router& router);
void AddSettings(Router& router);
void AddSettingsUpdates(Router& router);

// The path is that of one script, whose file a request may bring.
bool NamesScript(const std::vector<std::string>& segments);

}  // namespace nscp::gateway
