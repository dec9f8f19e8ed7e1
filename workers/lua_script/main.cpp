#include "workers/lua_script/lua_script.h"
#include "workers/sdk/run.h"

int main() { return nscp::sdk::RunModule(nscp::lua_script::MakeLuaScript()); }
