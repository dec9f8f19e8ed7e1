// What scripts may not have: what ends the process, what runs without the hook that keeps
// the time, and what is not Lua's text (compiled chunks can crash the interpreter).
#include <lua.hpp>

#include "workers/lua_script/api.h"

namespace nscp::lua_script {
namespace {

constexpr char kFences[] = R"lua(
local load0, loadfile0, setmetatable0 = load, loadfile, setmetatable
local error, rawget, type, searchpath = error, rawget, type, package.searchpath

function load(chunk, name, _, ...) return load0(chunk, name, 't', ...) end
function loadfile(file, _, ...) return loadfile0(file, 't', ...) end
function dofile(file)
  local chunk, problem = loadfile0(file, 't')
  if not chunk then error(problem, 2) end
  return chunk()
end

function setmetatable(value, meta)
  if type(meta) == 'table' and rawget(meta, '__gc') ~= nil then
    error('a script can have no finalizers (__gc)', 2)
  end
  return setmetatable0(value, meta)
end

-- An error that the hook raises calls the handler of xpcall within the hook, where no hook
-- keeps the time; the same goes for what a coroutine closes that the hook has ended. So
-- handlers run after the error, and such coroutines are left to the collector.
local pcall, xpcall0, traceback = pcall, xpcall, debug.traceback
local function handle(handler, ok, problem, ...)
  if ok then return true, problem, ... end
  return false, handler(problem)
end
function xpcall(f, handler, ...)
  if handler == traceback then return xpcall0(f, traceback, ...) end
  return handle(handler, pcall(f, ...))
end

local create, resume, status, close0 =
  coroutine.create, coroutine.resume, coroutine.status, coroutine.close
local function unwrap(ok, problem, ...)
  if not ok then error(problem, 0) end
  return problem, ...
end
function coroutine.wrap(f)
  local routine = create(f)
  return function(...) return unwrap(resume(routine, ...)) end
end
function coroutine.close(routine)
  if status(routine) == 'dead' then return true end
  return close0(routine)
end

local function from_file(name)
  local file, problem = searchpath(name, package.path)
  if not file then return problem end
  local chunk, broken = loadfile0(file, 't')
  if not chunk then error("error loading module '" .. name .. "': " .. broken, 0) end
  return chunk, file
end
package.searchers = {package.searchers[1], from_file}
package.cpath, package.loadlib = '', nil

function os.exit() error('os.exit would end the scripts of everybody: return instead', 2) end
debug = {traceback = debug.traceback, getinfo = debug.getinfo}
package.loaded.debug = debug
)lua";

}  // namespace

void OpenFences(lua_State* lua) {
  if (luaL_loadbufferx(lua, kFences, sizeof(kFences) - 1, "=fences", "t") != LUA_OK) {
    lua_error(lua);
  }
  lua_call(lua, 0, 0);
}

}  // namespace nscp::lua_script
