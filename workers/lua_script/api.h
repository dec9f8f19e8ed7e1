// The functions that scripts call: nscp, Core(), Registry(), Settings(). Each part puts
// its own into the globals of an interpreter; called once, while it is opened, in
// protected mode. Source: modules.md F1.
#pragma once

struct lua_State;

namespace nscp::lua_script {

void OpenNscp(lua_State* lua);
void OpenCore(lua_State* lua);
void OpenRegistry(lua_State* lua);
void OpenSettings(lua_State* lua);
// Takes away what would hurt others, see interpreter.h. After Lua's own libraries.
void OpenFences(lua_State* lua);

}  // namespace nscp::lua_script
