#include "workers/lua_script/values.h"

#include <lua.hpp>

#include "proto/cpp/text.h"

namespace nscp::lua_script {

namespace {

int GiveObject(lua_State* lua) {
  lua_pushvalue(lua, lua_upvalueindex(1));
  return 1;
}

}  // namespace

void PushMaker(lua_State* lua, const luaL_Reg* methods) {
  lua_newtable(lua);
  luaL_setfuncs(lua, methods, 0);
  lua_pushcclosure(lua, GiveObject, 1);
}

void PushText(lua_State* lua, std::string_view text) {
  lua_pushlstring(lua, text.data(), text.size());
}

void PushWords(lua_State* lua, const std::vector<std::string>& words) {
  lua_createtable(lua, static_cast<int>(words.size()), 0);
  lua_Integer place = 0;
  for (const std::string& word : words) {
    PushText(lua, word);
    lua_rawseti(lua, -2, ++place);
  }
}

void PushState(lua_State* lua, sdk::State state) {
  PushText(lua, ToLowerAscii(sdk::StateName(state)));
}

std::string TextAt(lua_State* lua, int index) {
  if (lua_isnoneornil(lua, index)) return "";
  size_t length = 0;
  if (lua_type(lua, index) == LUA_TSTRING) {
    const char* const text = lua_tolstring(lua, index, &length);
    return std::string(text, length);
  }
  const char* text = luaL_tolstring(lua, index, &length);
  std::string copy(text, length);
  lua_pop(lua, 1);
  return copy;
}

std::vector<std::string> WordsAt(lua_State* lua, int index) {
  std::vector<std::string> words;
  if (lua_isnoneornil(lua, index)) return words;
  if (!lua_istable(lua, index)) return {TextAt(lua, index)};
  index = lua_absindex(lua, index);
  const lua_Unsigned size = lua_rawlen(lua, index);
  if (size > static_cast<lua_Unsigned>(kMaxWords)) {
    luaL_error(lua, "a list of %d words is too long, %d are the most",
               static_cast<int>(size), kMaxWords);
  }
  for (lua_Unsigned place = 1; place <= size; ++place) {
    lua_rawgeti(lua, index, static_cast<lua_Integer>(place));
    words.push_back(TextAt(lua, -1));
    lua_pop(lua, 1);
  }
  return words;
}

sdk::State StateAt(lua_State* lua, int index) {
  if (lua_isinteger(lua, index) || lua_type(lua, index) == LUA_TNUMBER) {
    const lua_Number number = lua_tonumber(lua, index);
    if (number == 0) return sdk::State::kOk;
    if (number == 1) return sdk::State::kWarning;
    if (number == 2) return sdk::State::kCritical;
    return sdk::State::kUnknown;
  }
  return sdk::ParseState(TextAt(lua, index));
}

std::string MessageOf(const sdk::CheckResult& result) {
  std::string text;
  for (const sdk::Line& line : result.lines) {
    text += (text.empty() ? "" : "\n") + line.message;
  }
  return text;
}

std::string PerfOf(const sdk::CheckResult& result) {
  std::string text;
  for (const sdk::Line& line : result.lines) {
    const std::string perf = sdk::FormatPerf(line.perf);
    if (!perf.empty()) text += (text.empty() ? "" : " ") + perf;
  }
  return text;
}

sdk::CheckResult ResultOf(sdk::State state, std::string message, std::string_view perf) {
  sdk::CheckResult result = sdk::CheckResult::Of(state, std::move(message));
  result.lines[0].perf = sdk::ParsePerf(perf);
  return result;
}

}  // namespace nscp::lua_script
