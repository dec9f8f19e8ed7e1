// What a script can't do to others.
#include <thread>

#include "workers/lua_script/test_agent.h"

namespace nscp::lua_script {
namespace {

using std::chrono::milliseconds;

TEST_CASE("no loop outlives its time, whatever catches the errors") {
  for (const char* body :
       {"while true do end", "while true do pcall(function() while true do end end) end",
        "while true do xpcall(function() while true do end end, function() while true do "
        "end end) end",
        "while true do local x = coroutine.wrap(function() pcall(function() while true "
        "do "
        "end end) end) pcall(x) end",
        "local x <close> = setmetatable({}, {__close = function() while true do end "
        "end}) while true do end",
        "local t = setmetatable({}, {__tostring = function() while true do end end}) "
        "error(t)",
        "getmetatable('').__tostring = function() while true do end end while true do "
        "end",
        "coroutine.wrap(function() local x <close> = setmetatable({}, {__close = "
        "function() "
        "while true do end end}) while true do end end)()",
        "local co = coroutine.create(function() local x <close> = setmetatable({}, "
        "{__close = "
        "function() while true do end end}) while true do end end) coroutine.resume(co) "
        "coroutine.close(co) while true do end",
        "nscp.sleep(60000)",
        "return 'ok', ('x'):rep(30):gsub('.', function() while true do end end)"}) {
    CAPTURE(body);
    TestScript t("r:simple_query('q', function() " + std::string(body) +
                 " end) r:simple_query('p', function() return 'ok', 'well' end)");
    const auto began = std::chrono::steady_clock::now();
    CHECK(t.Ask({}, milliseconds(60)) ==
          "UNKNOWN Lua script t: it did not end in time and was stopped");
    CHECK(std::chrono::steady_clock::now() - began < milliseconds(1500));
    const auto after = t.script->Query({"p", {}}, Within(std::chrono::seconds(5)));
    CHECK(after.lines.at(0).message == "well");
  }
}

TEST_CASE("a coroutine that a stopped visit left goes on in the next one") {
  TestScript t(
      "local co = coroutine.create(function() while true do coroutine.yield('y') "
      "end end) r:simple_query('q', function(_, a) if a[1] then "
      "while true do coroutine.resume(co) end end "
      "local _, v = coroutine.resume(co) return 'ok', v end)");
  CHECK(t.Ask({"loop"}, milliseconds(60)).find("in time") != std::string::npos);
  const std::string after = t.Ask();
  // Stopped inside of it, it is dead; between two rounds it lives.
  CHECK((after == "OK y" || after.find("cannot resume dead") != std::string::npos));
}

TEST_CASE("memory has a bound, and what was taken is free again") {
  TestScript t(
      "r:simple_query('q', function(_, a) if a[1] == 'all' then local l = {} "
      "while true do l[#l + 1] = ('x'):rep(100000) .. #l end end "
      "if a[1] == 'once' then return 'ok', ('x'):rep(1 << 30) end "
      "return 'ok', tostring(#('x'):rep(1 << 24)) end)");
  for (int i = 0; i < 3; ++i) {
    CHECK(t.Ask({"all"}) == "UNKNOWN not enough memory");
    CHECK(t.Ask({"once"}) == "UNKNOWN not enough memory");
    CHECK(t.Ask() == "OK 16777216");
  }
}

TEST_CASE("what would reach beyond the script is not there") {
  for (const char* body :
       {"os.exit()", "debug.sethook()", "debug.getregistry()",
        "debug.setmetatable({}, {})", "package.loadlib('x', 'y')",
        "setmetatable({}, {__gc = function() end})",
        "load(string.dump(function() end))()", "load('\\27Lua', 'x', 'b')()",
        "require('debug').sethook()", "require('nosuch')"}) {
    CAPTURE(body);
    TestScript t("r:simple_query('q', function() " + std::string(body) +
                 " return 'ok', 'reached' end)");
    CHECK(t.Ask().rfind("UNKNOWN", 0) == 0);
  }
}

TEST_CASE("a script that cannot be loaded says why") {
  CHECK(TestScript("this is no Lua").status.message().find("syntax error") !=
        std::string::npos);
  CHECK(TestScript("error('top')").status.message().find("top") != std::string::npos);
  CHECK(TestScript("while true do end", milliseconds(60)).status.message() ==
        "Lua script t: it did not end in time and was stopped");
  CHECK(TestScript("for i = 1, 1e6 do r:simple_query('n' .. i, print) end")
            .status.message()
            .find("may register 1000 names") != std::string::npos);
  TestAgent agent;
  const auto missing =
      Interpreter::Load({"t", "/nosuch"}, "", agent, Within(std::chrono::seconds(1)));
  CHECK(missing.status().message().find("/nosuch") != std::string::npos);
}

TEST_CASE("a script may be asked by what it asks itself; others wait their time") {
  TestScript t(
      "r:simple_query('q', function() return c:simple_query('x', {}) end) "
      "r:simple_query('p', function() return 'ok', 'inner' end) "
      "r:simple_query('loop', function() while true do end end)");
  std::string inner;
  t.agent.on_run = [&] {
    inner =
        t.script->Query({"p", {}}, Within(std::chrono::seconds(5))).lines.at(0).message;
  };
  CHECK(t.Ask() == "WARNING from the agent|'p'=1");
  CHECK(inner == "inner");

  std::thread busy([&] { t.script->Query({"loop", {}}, Within(milliseconds(400))); });
  std::string waited;
  while (waited.find("busy") == std::string::npos && waited.find("OK") != 0) {
    waited = sdk::FormatPlain(t.script->Query({"p", {}}, Within(milliseconds(20))));
    if (waited == "inner") std::this_thread::yield();
    if (waited.find("busy") != std::string::npos) break;
  }
  CHECK(waited == "Lua script t: it is busy with another call that does not end");
  busy.join();
  CHECK(t.script->Query({"p", {}}, Within(std::chrono::seconds(5))).lines.at(0).message ==
        "inner");
}

}  // namespace
}  // namespace nscp::lua_script
