"""LUAScript against the running agent: the whole interface for scripts, scripts that do not behave,
the command line and the REST API."""
import os
import time
import unittest

from support.agent import BIN, SLACK, WINDOWS, Agent, wait_for
from support.case import TEXT, RestCase

ROOT = "Z:" if WINDOWS else ""  # where wine has Linux' files
WAIT = "ping -n 7 127.0.0.1 >NUL & echo late" if WINDOWS else "sleep 6; echo late"

API = r"""
local core, registry, settings = Core(), Registry(), Settings()
local started = 'no'
local top = core:simple_query('check_ok', {'message=at load'})

function on_start()
  local code, message = core:simple_query('check_warning', {'message=all are there'})
  started = code .. ': ' .. message
end

function main(args)
  return 'warning', 'main got ' .. table.concat(args, '+')
end

registry:simple_query('lua_started', function() return 'ok', started end, 'What on_start saw')

registry:simple_query('lua_words', function(command, args)
  return 'ok', command .. '(' .. table.concat(args, '|') .. ')', "'a'=1;2;3 'b'=4"
end, 'Words in, words out')

for name, code in pairs({ok='ok', warn='warn', crit='crit', two=2, zero=0, odd='strange', none=false}) do
  registry:simple_function('lua_state_' .. name, function() return code or nil, name end)
end

registry:simple_query('lua_nested', function(command, args)
  local code, message, perf = core:simple_query(args[1], {table.unpack(args, 2)})
  return code, '<' .. message .. '>', perf
end)

registry:query('lua_raw', function(command, request)
  return core:query(core:create_pb_query('check_critical', {'message=raw'}))
end, 'Messages in, messages out')
registry:query('lua_raw_bad', function() return 'no message' end)

registry:simple_query('lua_exec', function(command, args)
  local code, lines = core:simple_exec(args[1], args[2], {'x', 'y'})
  return code, #lines .. ' ' .. table.concat(lines, '/')
end)
registry:simple_cmdline('lua_cmd', function(command, args)
  return 'ok', command .. '\n' .. table.concat(args, '+')
end)
registry:cmdline('lua_cmd_raw', function(command, request) return request end)

local got = 'nothing'
registry:simple_subscription('lua_in', function(channel, command, code, lines)
  local text = channel .. ' ' .. command .. ' ' .. code
  for message, perf in pairs(lines) do text = text .. ' ' .. message .. '/' .. perf end
  got = text
  return command ~= 'refused', 'thanks'
end)
registry:subscription('lua_in_raw', function(channel, request)
  got = channel .. ' ' .. #request
  return true
end)
registry:simple_query('lua_got', function() return 'ok', got end)
registry:simple_query('lua_submit', function(command, args)
  local ok, message = core:simple_submit(args[1], args[2], 'critical', 'sent', "'p'=1")
  return ok and 'ok' or 'critical', tostring(message)
end)

settings:register_path('/settings/lua demo', 'Demo', 'For the tests', false)
settings:register_key('/settings/lua demo', 'known', 'string', 'Known', 'A key', 'told')
registry:simple_query('lua_settings', function(command, args)
  local p = '/settings/lua demo'
  local text = settings:get_string(p, 'text', 'x') .. ' ' .. settings:get_int(p, 'number', 1) ..
    ' ' .. tostring(settings:get_bool(p, 'flag', false)) .. ' ' .. settings:get_string(p, 'gone', 'default') ..
    ' ' .. settings:get_int(p, 'gone', 7) .. ' ' .. tostring(settings:get_bool(p, 'gone', true)) ..
    ' ' .. settings:get_string(p, 'known') .. ' ' .. table.concat(settings:get_section(p), ',') ..
    ' ' .. nscp.getSetting(p, 'text', 'x') .. ' ' .. settings:get_string('/settings/default', 'password', '')
  settings:set_string(p, 'made', 'by lua')
  settings:set_int(p, 'count', 42)
  settings:set_bool(p, 'on', true)
  settings:save()
  return 'ok', text
end)

registry:simple_query('lua_log', function()
  nscp.print('lua print', 1); nscp.info('lua info'); nscp.error('lua error'); nscp.debug('lua debug')
  print('lua plain'); core:log('warning', 'lua warning'); core:log('critical', 'lua critical')
  nscp.sleep(10)
  return 'ok', core:expand_path('${scripts}')
end)
registry:simple_query('lua_reload', function(command, args)
  local ok, problem = core:reload(args[1])
  return ok and 'ok' or 'critical', problem
end)
registry:simple_query('lua_later', function()
  registry:simple_query('lua_new', function() return 'ok', 'registered late' end)
  return 'ok', 'done'
end)
registry:simple_query('lua_require', function() return 'ok', require('helper').name end)
registry:simple_query('lua_top', function() return 'ok', tostring(top) end)
"""

HOSTILE = r"""
local registry, core = Registry(), Core()
local function register(name, body) registry:simple_query(name, body) end
register('bad_loop', function() while true do end end)
register('bad_pcall', function()
  while true do pcall(function() while true do end end) end
end)
register('bad_coroutine', function()
  while true do
    coroutine.resume(coroutine.create(function() while true do pcall(function() while true do end end) end end))
  end
end)
register('bad_memory', function() local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000) .. i end end)
register('bad_rep', function() return 'ok', ('x'):rep(1e10) end)
register('bad_rep_less', function() return 'ok', ('x'):rep(1e9) end)
register('bad_error', function() local t = nil; return t.x end)
register('bad_object', function() error({}) end)
register('bad_stack', function() local function f() return 1 + f() end return f() end)
register('bad_exit', function() os.exit(1) end)
register('bad_gc', function() setmetatable({}, {__gc = function() while true do end end}) end)
register('bad_hook', function() debug.sethook() end)
register('bad_chunk', function() return load(string.dump(function() end))() end)
register('bad_library', function() return require('lfs') end)
register('bad_output', function() return 'ok', ('0123456789'):rep(3000000) end)
register('bad_bytes', function() return 'ok', 'a\xff\xfeb', "'l\xff'=1" end)
register('bad_args', function(c, a) return 'ok', tostring(#a) .. a[1] end)
register('bad_nothing', function() end)
register('bad_sleep', function() nscp.sleep(60000) return 'ok', 'slept' end)
register('bad_recursion', function() return core:simple_query('bad_recursion', {}) end)
register('bad_log', function() for i = 1, 20000 do nscp.info(('y'):rep(1000)) end return 'ok', 'logged' end)
register('bad_words', function() local t = {} for i = 1, 10000 do t[i] = 'x' end return core:simple_query('check_ok', t) end)
register('bad_popen', function() return 'ok', io.popen('WAIT'):read() end)
register('good', function() return 'ok', 'fine' end)
""".replace("WAIT", WAIT)

INI = """[/settings/lua/scripts]
api = api.lua
bad = bad
broken = broken.lua
failing = failing.lua
missing = nosuch.lua
mock = mock.lua
[/settings/lua demo]
text = words here
number = 12
flag = yes
"""


class LuaCase(RestCase):
    SCRIPTS = {}
    INI = INI

    @classmethod
    def setUpClass(cls):
        cls.agent = Agent(modules=("CheckHelpers", "LUAScript"), ini=cls.INI)
        cls.enterClassContext(cls.agent)
        folder = os.path.join(cls.agent.folder, "scripts", "lua")
        os.makedirs(folder)
        for name, text in cls.SCRIPTS.items():
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            with open(os.path.join(folder, name), "w", encoding="latin-1") as f:
                f.write(text)
        with open(os.path.join(BIN, "scripts", "lua", "mock.lua"), encoding="utf-8") as f:
            mock = f.read()
        with open(os.path.join(folder, "mock.lua"), "w", encoding="utf-8") as f:
            f.write(mock)
        cls.folder = folder
        cls.agent.start()


class Api(LuaCase):
    SCRIPTS = {"api.lua": API, "bad.lua": HOSTILE, "broken.lua": "this is no Lua",
               "failing.lua": "error('at the top')",
               "lib/helper.lua": "return {name = 'from the library'}"}

    def test_queries_take_and_give_words(self):
        self.expect_check("lua_words a%20b c", "OK", "lua_words(a b|c)|'a'=1;2;3 'b'=4")
        for name, state in (("ok", "OK"), ("warn", "WARNING"), ("crit", "CRITICAL"),
                            ("two", "CRITICAL"), ("zero", "OK"), ("odd", "UNKNOWN"),
                            ("none", "UNKNOWN")):
            self.expect_check(f"lua_state_{name}", state, name)
        names = {q["name"]: q for q in self.json("GET /api/v2/queries")}
        self.assertEqual(names["lua_words"]["description"], "Words in, words out")
        self.assertEqual(names["lua_words"]["plugin"], "LUAScript")

    def test_a_script_asks_other_checks_and_itself(self):
        self.expect_check("lua_nested check_critical message=deep", "CRITICAL", "<deep>")
        self.expect_check("lua_nested lua_words x", "OK", "<lua_words(x)>|'a'=1;2;3 'b'=4")
        self.expect_check("lua_nested nosuch", "UNKNOWN", "<Unknown command(s): nosuch>")
        # What asks itself again and again ends at the agent's depth.
        state, text = self.run_check("bad_recursion")
        self.assertEqual(state, "UNKNOWN")
        self.assertIn("32", text)

    def test_messages_of_nsclient(self):
        self.expect_check("lua_raw", "CRITICAL", "raw")
        state, text = self.run_check("lua_raw_bad")
        self.assertEqual(state, "UNKNOWN")
        self.assertIn("lua_raw_bad gave no QueryResponseMessage", text)

    def test_on_start_comes_when_all_modules_are_there(self):
        wait_for("on_start", SLACK + 5, lambda: self.run_check("lua_started") ==
                 ("OK", "warning: all are there"))
        self.assertIn(self.run_check("lua_top")[1], ("ok", "unknown"))

    def test_commands_of_the_command_line(self):
        self.expect_check("lua_exec LUAScript lua_cmd", "OK", "2 lua_cmd/x+y")
        self.expect_check("lua_exec any lua_cmd", "OK", "2 lua_cmd/x+y")
        self.expect_check("lua_exec * lua_cmd", "OK", "2 lua_cmd/x+y")
        self.expect_check("lua_exec any nosuch", "WARNING", "1 Command not found: nosuch")
        state, text = self.run_check("lua_exec", "NoSuch", "x")
        self.assertEqual(state, "UNKNOWN")
        self.assertIn("no such module", text)
        # A request has no field of an answer: OK, and no text.
        self.expect_check("lua_exec LUAScript lua_cmd_raw", "OK", "1 ")
        ran = self.agent.nscp("lua", "lua_cmd", "one", "two")
        self.assertEqual((ran.returncode, ran.stdout), (0, "lua_cmd\none+two\n"), ran.stderr)
        ran = self.agent.nscp("lua", "mock_exec", "a", "b")
        self.assertEqual((ran.returncode, ran.stdout), (0, "mock_exec::a,b\n"), ran.stderr)

    def test_passive_results_come_and_go(self):
        self.expect_check("lua_submit lua_in service", "OK", "thanks")
        self.expect_check("lua_got", "OK", "lua_in service critical sent/'p'=1")
        self.expect_check("lua_submit lua_in refused", "CRITICAL", "thanks")
        self.expect_check("lua_submit lua_in_raw service", "OK", "")
        state, text = self.run_check("lua_got")
        self.assertRegex(text, r"^lua_in_raw \d\d+$")
        self.expect_check("lua_submit nosuch x", "CRITICAL", "No handler for channel: nosuch")
        self.expect_check("lua_submit mock_submission x", "OK", "taken")
        self.agent.wait_log("mock_submission: x is critical: sent|'p'=1")

    def test_settings_are_read_and_written(self):
        self.expect_check("lua_settings", "OK", "words here 12 true default 7 true told "
                          "text,number,flag words here ***")
        with open(self.agent.ini, encoding="utf-8") as f:
            text = f.read()
        for line in ("made = by lua", "count = 42", "on = true"):
            self.assertIn(line, text)

    def test_the_log_paths_and_reloads(self):
        self.expect_check("lua_log", "OK", ROOT + os.path.join(self.agent.folder, "scripts"))
        found = {e["message"]: e for e in self.json("GET /api/v2/logs?per_page=500")}
        for text, level in (("lua print\t1", "info"), ("lua info", "info"), ("lua error", "error"),
                            ("lua plain", "info"), ("lua warning", "warning"),
                            ("lua critical", "critical")):
            wait_for(text, SLACK, lambda t=text: t in {
                e["message"] for e in self.json("GET /api/v2/logs?per_page=500")})
            found = {e["message"]: e for e in self.json("GET /api/v2/logs?per_page=500")}
            self.assertEqual(found[text]["level"], level)
        self.expect_check("lua_reload CheckHelpers", "OK", "")
        self.agent.wait_log("reload CheckHelpers")

    def test_a_name_may_come_late_and_a_library_from_its_folder(self):
        self.expect_check("lua_new", "UNKNOWN", "Unknown command(s): lua_new")
        self.expect_check("lua_later", "OK", "done")
        self.expect_check("lua_new", "OK", "registered late")
        self.expect_check("lua_require", "OK", "from the library")

    def test_a_script_that_cannot_be_loaded_stops_nobody(self):
        log = self.agent.console()
        for text in ("Loading the Lua script broken: ", "syntax error",
                     "Loading the Lua script failing: ", "at the top",
                     "Loading the Lua script missing: Script not found: nosuch.lua"):
            self.assertIn(text, log)

    def test_the_caller_is_the_kernels_word(self):
        ini = ("[/settings/permissions]\nenabled = true\n[/settings/permissions/policies]\n"
               "WEBServer:admin = lua_nested, check_ok\nLUAScript = check_warning\n" + INI)
        with Agent(modules=("CheckHelpers", "LUAScript"), ini=ini) as agent:
            os.makedirs(os.path.join(agent.folder, "scripts", "lua"))
            with open(os.path.join(agent.folder, "scripts", "lua", "api.lua"), "w",
                      encoding="utf-8") as f:
                f.write(API.replace("'lua_started'", "'lua_nested2'"))
            agent.start()
            self.assertEqual(agent.check("lua_nested", "check_ok", "message=may"), (0, "<may>"))
            code, text = agent.check("lua_nested", "check_warning")
            self.assertEqual(code, 3)
            self.assertIn("Permission denied: WEBServer:admin is not allowed to run "
                          "check_warning", text)


class Hostile(LuaCase):
    SCRIPTS = {"bad.lua": HOSTILE, "api.lua": API}
    LIMIT = {"X-Nsc-Web-Timeout": "1.00"}

    def test_a_script_without_end_is_stopped_and_the_others_do_not_notice(self):
        pid = self.agent.pid_of("LUAScript")
        for command in ("bad_loop", "bad_pcall", "bad_coroutine", "bad_sleep"):
            with self.subTest(command):
                began = time.monotonic()
                code, text = self.agent.check(command, headers=self.LIMIT)
                self.assertEqual((code, text), (
                    3, "Lua script bad: it did not end in time and was stopped"))
                self.assertLess(time.monotonic() - began, 1 + SLACK)
                self.expect_check("lua_words x", "OK", "lua_words(x)|'a'=1;2;3 'b'=4")
                self.expect_check("good", "OK", "fine")
        self.assertEqual(self.agent.pid_of("LUAScript"), pid)

    def test_a_script_that_hangs_in_c_is_loaded_anew(self):
        pid = self.agent.pid_of("LUAScript")
        began = time.monotonic()
        self.assertEqual(self.agent.check("bad_popen", headers=self.LIMIT)[0], 3)
        self.expect_check("lua_words x", "OK", "lua_words(x)|'a'=1;2;3 'b'=4")
        wait_for("the script", SLACK + 1, lambda: self.agent.check(
            "good", headers={"X-Nsc-Web-Timeout": "0.20"}) == (0, "fine"))
        self.assertLess(time.monotonic() - began, 6)
        self.agent.wait_log("hangs in a function that cannot be ended; it is loaded anew")
        self.assertEqual(self.agent.pid_of("LUAScript"), pid)

    def test_errors_are_told(self):
        pid = self.agent.pid_of("LUAScript")
        for command, text in (
                ("bad_memory", "not enough memory"), ("bad_rep", "resulting string too large"), ("bad_rep_less", "not enough memory"),
                ("bad_error", "attempt to index a nil value (local 't')"),
                ("bad_object", "table: "), ("bad_stack", ""),
                ("bad_exit", "os.exit would end the scripts of everybody"),
                ("bad_gc", "a script can have no finalizers (__gc)"),
                ("bad_hook", "attempt to call a nil value (field 'sethook')"),
                ("bad_chunk", "attempt to call a nil value"),
                ("bad_library", "module 'lfs' not found"),
                ("bad_words", "a list of 10000 words is too long"),
                ("bad_nothing", "")):
            with self.subTest(command):
                state, found = self.run_check(command)
                self.assertEqual(state, "UNKNOWN")
                self.assertIn(text, found)
                self.expect_check("good", "OK", "fine")
        self.assertEqual(self.agent.pid_of("LUAScript"), pid)
        self.agent.wait_log("stack traceback")

    def test_output_and_bytes(self):
        code, text = self.agent.check("bad_output")
        self.assertEqual(code, 0)
        self.assertLess(len(text), 5 * 1024 * 1024)
        self.assertTrue(text.startswith("0123456789"))
        self.assertEqual(self.agent.check("bad_bytes"), (0, "a\ufffd\ufffdb"))
        self.assertEqual(self.agent.check("bad_args", "%ff%00x")[0], 0)
        self.expect_check("bad_log", "OK", "logged")


def example():
    """The script of docs/scripts.md, on a folder that every machine has."""
    page = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "scripts.md")
    with open(page, encoding="utf-8") as f:
        text = f.read().split("```lua\n", 1)[1].split("```", 1)[0]
    return text.replace("/var/spool/mail", "/etc")


class Management(LuaCase):
    INI = ""

    def test_the_scripts_routes_are_the_modules_own(self):
        scripts = "/api/v2/scripts/lua"
        self.assertNotIn("up", self.json(f"GET {scripts}"))
        self.assertIn("scripts/lua/mock.lua", self.json(f"GET {scripts}?all=true"))
        body = "Registry():simple_query('up_one', function() return 'ok', 'uploaded' end)"
        self.expect(f"PUT {scripts}/up.lua", 200, TEXT, "Added up as scripts/lua/up.lua",
                    body=body)
        self.expect_check("up_one", "OK", "uploaded")
        self.assertIn("up", self.json(f"GET {scripts}"))
        self.expect(f"GET {scripts}/up", 200, TEXT, "scripts/lua/up.lua")
        self.expect(f"GET {scripts}/scripts/lua/up.lua", 200, TEXT, body)
        self.expect(f"DELETE {scripts}/up", 200, TEXT, "Script definition has been removed don't "
                    "forget to delete any artifact for: scripts/lua/up.lua")
        self.expect_check("up_one", "UNKNOWN", "Unknown command(s): up_one")
        self.expect(f"DELETE {scripts}/scripts/lua/up.lua", 200, TEXT, "Script file was removed")
        self.expect(f"GET {scripts}/up.lua", 500, TEXT,
                    "Command returned errors: Script not found: up.lua")

    def test_the_command_line(self):
        run = self.agent.nscp
        usage = "Usage: nscp lua [add|execute|list|show|install|delete] --help\n"
        for words, code, text in (
                (("add", "--script", "mock"), 0, "Added mock as mock\n"),
                (("add", "--script", os.path.join(self.folder, "mock.lua"), "--alias", "again"), 0,
                 f"Added again as {self.folder}/mock.lua\n"),
                (("list", "--query", "--json"), 0, '["again","mock"]\n'),
                (("show", "--script", "mock"), 0, "mock\n"),
                (("add",), 3, "No script specified add --script\n"),
                (("add", "--script", "/no/such"), 3, "Script not found: /no/such\n"),
                (("install", "--remove", "again"), 0, "LUAScript is enabled.\nRemoved again\n"),
                (("execute", "--script", "mock", "a", "--b"), 0, "mock::a,--b\n"),
                (("execute", "--file=mock.lua"), 0, "mock::\n"),
                (("execute", "mock"), 3, None), (("execute",), 3, None),
                (("install", "--add", "mock.lua"), 0,
                 "LUAScript is enabled.\nAdded mock as mock.lua\n"),
                (("delete", "--script", "nosuch"), 3, "Script not found: nosuch\n"),
                (("nosuch",), 3, usage), ((), 3, usage)):
            with self.subTest(words):
                ran = run("lua", *words)
                self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
                if text is not None:
                    self.assertEqual(ran.stdout, text)
        for command in ("add", "list", "show", "delete", "install", "execute"):
            ran = run("lua", "--", command, "--help")
            self.assertEqual((ran.returncode, ran.stdout.split("\n")[0]), (0, "Allowed options:"))
        self.assertEqual(self.run_check("mock_query", "a=b", "c=d"), (
            "OK", "mock_query::a=b,c=d|'a label'=30Z;20;30;10;50 'another label'=33Z;20;30"))
        with open(self.agent.ini, encoding="utf-8") as f:
            self.assertIn("mock = mock.lua", f.read())

    def test_the_script_of_the_documentation_runs(self):
        ending = ".lua"
        with open(os.path.join(self.folder, "queue" + ending), "w", encoding="utf-8") as f:
            f.write(example())
        self.assertEqual(self.ask("GET /api/v2/modules/CheckDisk/commands/load")[0], 200)
        ran = self.agent.nscp("lua", "add", "--script", "queue" + ending)
        self.assertEqual(ran.stdout, f"Added queue as queue{ending}\n")
        code, text = self.agent.check("check_queue", "pattern=hostname", "max-depth=0")
        self.assertEqual((code, text[:7]), (0, "Queue: "), text)

    def test_unit_tests_of_a_script(self):
        script = os.path.join(self.agent.folder, "cases.lua")
        with open(script, "w", encoding="utf-8") as f:
            f.write("local shown, cases, r = false, {}, Registry()\n"
                    "r:simple_query('lua_unittest_show_ok', function() shown = true return 'ok', 'Done' end)\n"
                    "r:simple_query('lua_unittest_add_case', function(c, a) cases = a return 'ok', 'Done' end)\n"
                    "r:simple_query('lua_unittest', function() return #cases > 1 and 'crit' or 'ok', "
                    "tostring(shown) .. table.concat(cases, '+') end)\n")
        ran = self.agent.nscp("unit", "--language", "lua", "--script", script, "--show-all",
                              "--case", "a", "--case", "b")
        self.assertEqual((ran.returncode, ran.stdout),
                         (2, f"took {script}\nDone\nDone\ntruea+b\n"), ran.stderr)


if __name__ == "__main__":
    unittest.main()
