// Settings(): the agent's settings as they are now.
#include <charconv>
#include <lua.hpp>

#include "proto/cpp/text.h"
#include "workers/lua_script/api.h"
#include "workers/lua_script/interpreter.h"
#include "workers/lua_script/values.h"

namespace nscp::lua_script {
namespace {

void Check(lua_State* lua, const Status& status) {
  if (!status.ok()) luaL_error(lua, "%s", status.message().c_str());
}

std::string DefaultKey(const std::string& path, const std::string& key) {
  return ToLowerAscii(path + "\n" + key);
}

// settings:get_…(path, key, default): the value, else what register_key told, else
// nothing (the caller's default).
std::optional<std::string> Find(lua_State* lua) {
  Interpreter& interpreter = Interpreter::Of(lua);
  const std::string path = luaL_checkstring(lua, 2);
  const std::string key = luaL_checkstring(lua, 3);
  auto found = interpreter.agent().Get(path, key);
  Check(lua, found.status());
  if (found->has_value() && !(*found)->empty()) return **found;
  if (lua_isnoneornil(lua, 4)) {
    const auto known = interpreter.defaults().find(DefaultKey(path, key));
    if (known != interpreter.defaults().end()) return known->second;
  }
  return std::nullopt;
}

int GetSection(lua_State* lua) {
  const auto keys = Interpreter::Of(lua).agent().Keys(luaL_checkstring(lua, 2));
  Check(lua, keys.status());
  PushWords(lua, *keys);
  return 1;
}

int GetString(lua_State* lua) {
  const auto found = Find(lua);
  PushText(lua, found ? *found : TextAt(lua, 4));
  return 1;
}

int GetBool(lua_State* lua) {
  const auto found = Find(lua);
  const bool otherwise = lua_type(lua, 4) == LUA_TSTRING
                             ? sdk::ParseBool(TextAt(lua, 4), false)
                             : lua_toboolean(lua, 4) != 0;
  lua_pushboolean(lua, (found ? sdk::ParseBool(*found, otherwise) : otherwise) ? 1 : 0);
  return 1;
}

int GetInt(lua_State* lua) {
  const auto found = Find(lua);
  lua_Integer number = lua_tointeger(lua, 4);
  if (found) {
    std::from_chars(found->data(), found->data() + found->size(), number);
  }
  lua_pushinteger(lua, number);
  return 1;
}

int Set(lua_State* lua, const std::string& value) {
  const std::string path = luaL_checkstring(lua, 2);
  const std::string key = luaL_checkstring(lua, 3);
  Check(lua, Interpreter::Of(lua).agent().Set(path, key, value));
  return 0;
}

int SetString(lua_State* lua) { return Set(lua, TextAt(lua, 4)); }
int SetBool(lua_State* lua) {
  return Set(lua, lua_toboolean(lua, 4) != 0 ? "true" : "false");
}
int SetInt(lua_State* lua) { return Set(lua, std::to_string(luaL_checkinteger(lua, 4))); }

int Save(lua_State* lua) {
  Check(lua, Interpreter::Of(lua).agent().Save());
  return 0;
}

int RegisterPath(lua_State* lua) {
  luaL_checkstring(lua, 2);
  return 0;
}

// settings:register_key(path, key, type, title, description, default)
int RegisterKey(lua_State* lua) {
  const std::string path = luaL_checkstring(lua, 2);
  const std::string key = luaL_checkstring(lua, 3);
  auto& defaults = Interpreter::Of(lua).defaults();
  if (defaults.size() >= Interpreter::kMaxNames) {
    luaL_error(lua, "a script may register %d keys",
               static_cast<int>(Interpreter::kMaxNames));
  }
  defaults[DefaultKey(path, key)] = TextAt(lua, 7);
  return 0;
}

}  // namespace

void OpenSettings(lua_State* lua) {
  const luaL_Reg methods[] = {{"get_section", GetSection},
                              {"get_string", GetString},
                              {"get_bool", GetBool},
                              {"get_int", GetInt},
                              {"set_string", SetString},
                              {"set_bool", SetBool},
                              {"set_int", SetInt},
                              {"save", Save},
                              {"register_path", RegisterPath},
                              {"register_key", RegisterKey},
                              {nullptr, nullptr}};
  PushMaker(lua, methods);
  lua_setglobal(lua, "Settings");
}

}  // namespace nscp::lua_script
