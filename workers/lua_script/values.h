// What passes between C++ and a script: states, words, texts. Called within a visit, by
// functions that Lua calls or in protected mode: what does not fit is Lua's error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workers/sdk/check_result.h"

struct lua_State;
struct luaL_Reg;

namespace nscp::lua_script {

// Of a table of words that a script gives.
constexpr int kMaxWords = 4096;

void PushText(lua_State* lua, std::string_view text);
void PushWords(lua_State* lua, const std::vector<std::string>& words);
// "ok", "warning", "critical", "unknown".
void PushState(lua_State* lua, sdk::State state);

// A function that gives an object with these methods (the last one is null).
void PushMaker(lua_State* lua, const luaL_Reg* methods);

// Empty where there is nothing. Numbers and booleans become text.
std::string TextAt(lua_State* lua, int index);
// A list of words; one word alone is a list of it, nothing is an empty one.
std::vector<std::string> WordsAt(lua_State* lua, int index);
// Words in long or short form, or a number from 0 to 3; anything else is UNKNOWN.
sdk::State StateAt(lua_State* lua, int index);

// All lines' texts; all lines' performance data in text form.
std::string MessageOf(const sdk::CheckResult& result);
std::string PerfOf(const sdk::CheckResult& result);
sdk::CheckResult ResultOf(sdk::State state, std::string message, std::string_view perf);

}  // namespace nscp::lua_script
