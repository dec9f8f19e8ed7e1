// Registry(): the names that a script answers to.
#include <lua.hpp>

#include "workers/lua_script/api.h"
#include "workers/lua_script/interpreter.h"
#include "workers/lua_script/values.h"

namespace nscp::lua_script {
namespace {

using Kind = Interpreter::Kind;

// registry:method(name, function, description)
template <Kind kKind, bool kSimple>
int Register(lua_State* lua) {
  Interpreter::Function function;
  function.name = {kKind, luaL_checkstring(lua, 2), TextAt(lua, 4)};
  function.simple = kSimple;
  luaL_checktype(lua, 3, LUA_TFUNCTION);
  if (function.name.description.empty()) {
    function.name.description = "Lua script: " + Interpreter::Of(lua).script().alias;
  }
  lua_settop(lua, 3);
  const Status taken = Interpreter::Of(lua).Register(lua, std::move(function));
  if (!taken.ok()) luaL_error(lua, "%s", taken.message().c_str());
  return 0;
}

}  // namespace

void OpenRegistry(lua_State* lua) {
  const luaL_Reg methods[] = {{"simple_function", Register<Kind::kQuery, true>},
                              {"simple_query", Register<Kind::kQuery, true>},
                              {"query", Register<Kind::kQuery, false>},
                              {"simple_cmdline", Register<Kind::kExec, true>},
                              {"cmdline", Register<Kind::kExec, false>},
                              {"simple_subscription", Register<Kind::kChannel, true>},
                              {"subscription", Register<Kind::kChannel, false>},
                              {nullptr, nullptr}};
  PushMaker(lua, methods);
  lua_setglobal(lua, "Registry");
}

}  // namespace nscp::lua_script
