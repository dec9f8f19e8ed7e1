// The module LUAScript: runs users' scripts in Lua, each in an interpreter of its own.
// Source: modules.md F1.
#pragma once

#include <memory>

#include "workers/sdk/module.h"

namespace nscp::lua_script {

// Start wants a host that is a GatewayHost, as RunModule gives one.
std::unique_ptr<sdk::Module> MakeLuaScript();

}  // namespace nscp::lua_script
