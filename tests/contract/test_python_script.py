"""PythonScript against the running agent: the whole interface for scripts, scripts that do not behave,
the command line and the REST API."""
import json
import os
import subprocess
import time
import unittest

from support.agent import BIN, SLACK, Agent, wait_for
from support.case import TEXT, RestCase

API = r'''
from NSCP import Core, Registry, Settings, log, log_debug, log_error, sleep, status
import helper

seen = {"got": "nothing", "events": [], "metrics": {}}
P = "/settings/python demo"

def nested(args):
    code, message, perf = Core.get(own).simple_query(args[0], args[1:])
    return code, "<" + message + ">", perf

def raw(command, request):
    return Core.get(own).query("check_critical", request.replace(b"py_raw", b"py_dee"))

def executed(args):
    code, lines = Core.get(own).simple_exec(args[0], args[1], ["x", "y"])
    return code, "%d %s" % (len(lines), "/".join(lines))

def submitted(args):
    ok, message = Core.get(own).simple_submit(args[0], args[1], status.CRITICAL, "sent", "'p'=1")
    return (status.OK if ok else status.CRITICAL), message

def inbox(channel, source, command, code, message, perf):
    seen["got"] = " ".join([channel, command, code.name, message, perf])
    return command != "refused"

def inbox_raw(channel, request):
    seen["got"] = "%s %d" % (channel, len(request))
    ok, response = Core.get(own).submit("py_in", request)
    return ok

def settings(args):
    s = Settings.get(own)
    found = [s.get_string(P, "text", "x"), s.get_int(P, "number", 1), s.get_bool(P, "flag", False),
             s.get_string(P, "gone", "default"), s.get_int(P, "gone", 7), s.get_bool(P, "gone", True),
             s.get_string(P, "known"), ",".join(s.get_section(P)),
             s.get_string("/settings/default", "password", "")]
    s.set_string(P, "made", "by python")
    s.set_int(P, "count", 42)
    s.set_bool(P, "on", True)
    s.save()
    return status.OK, " ".join(map(str, found))

def logged(args):
    log("py info"); log_error("py error"); log_debug("py debug"); print("py plain", flush=True)
    sleep(10)
    return status.OK, Core.get(own).expand_path("${scripts}")

def later(args):
    Registry.get(own).simple_function("py_new", lambda a: (status.OK, "registered late"), "")
    return status.OK, "done"

def modules(args):
    core = Core.get(own)
    return status.OK, "%s %s %s %s" % (core.load_module(args[0], "second"), core.unload_module("second"),
                                       core.reload(args[0]), core.load_module("NoSuch", ""))

def raw_exec(args):
    from legacy import exec_pb2
    m = exec_pb2.ExecuteRequestMessage()
    m.payload.add(command=b"py_cmd", arguments=[b"r"])
    code, answer = Core.get(own).exec("PythonScript", m.SerializeToString())
    return code, exec_pb2.ExecuteResponseMessage.FromString(answer).payload[0].message.decode()

def registry(args):
    from legacy import registry_pb2
    m = registry_pb2.RegistryRequestMessage()
    m.payload.add().inventory.type.append(registry_pb2.QUERY)
    m.payload.add().inventory.type.append(registry_pb2.MODULE)
    code, answer = Registry.get(own).query(m.SerializeToString())
    found = registry_pb2.RegistryResponseMessage.FromString(answer).payload
    return code, "%s %s" % (b"py_words" in [i.name for i in found[0].inventory],
                            b"PythonScript" in [i.name for i in found[1].inventory])

def init(plugin_id, plugin_alias, script_alias):
    global own
    own = plugin_id
    reg, s = Registry.get(plugin_id), Settings.get(plugin_id)
    reg.simple_function("py_words", lambda args: (
        status.OK, script_alias + "(" + "|".join(args) + ")", "'a'=1;2;3 'b'=4"), "Words in, words out")
    for name, code in (("ok", status.OK), ("warn", "warn"), ("crit", 2), ("odd", "strange"), ("none", None)):
        reg.simple_function("py_state_" + name, lambda a, c=code, n=name: (c, n))
    reg.simple_function("py_nested", nested)
    reg.function("py_raw", raw, "Messages in, messages out")
    reg.simple_function("py_dee", lambda a: (status.WARNING, "deep", "'d'=1%;2;3;0;100"))
    reg.simple_function("py_exec", executed)
    reg.simple_cmdline("py_cmd", lambda args: (status.OK, "py_cmd\n" + "+".join(args)))
    reg.cmdline("py_cmd_raw", lambda command, request: (0, request))
    reg.simple_function("py_raw_exec", raw_exec)
    reg.simple_subscription("py_in", inbox)
    reg.subscription("py_in_raw", inbox_raw)
    reg.simple_function("py_got", lambda a: (status.OK, seen["got"]))
    reg.simple_function("py_submit", submitted)
    reg.simple_function("py_settings", settings)
    reg.simple_function("py_log", logged)
    reg.simple_function("py_later", later)
    reg.simple_function("py_modules", modules)
    reg.simple_function("py_helper", lambda a: (status.OK, helper.NAME))
    reg.simple_function("py_registry", registry)
    reg.event("nosuch:*", lambda name, data: None)
    reg.event_pb("other", lambda name, message: None)
    reg.fetch_metrics(lambda: {"fruit.bananas": 7, "word": "text"})
    reg.submit_metrics(lambda values: seen["metrics"].update(values))
    reg.simple_function("py_metrics", lambda a: (status.OK, str("fruit.bananas" in seen["metrics"])))
    s.register_path(P, "Demo", "For the tests")
    s.register_key(P, "known", "string", "Known", "A key", "told")

def shutdown():
    log("py is shut down")

def __main__(args):
    return status.WARNING, "main got " + "+".join(args)
'''

HOSTILE = r'''
import ctypes, os, re, signal, sys, time
from NSCP import Registry, Core, status, log

def loop(args):
    while True:
        pass

def swallow(args):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass

def environment(args):
    return status.OK, " ".join(sorted(os.environ))

def init(plugin_id, plugin_alias, script_alias):
    reg = Registry.get(plugin_id)
    for name, body in {
            "loop": loop, "swallow": swallow, "sleep": lambda a: time.sleep(4),
            "error": lambda a: 1 / 0, "exit": lambda a: sys.exit(3), "kill": lambda a: os._exit(3),
            "segfault": lambda a: ctypes.string_at(0), "memory": lambda a: [bytearray(1 << 30) for _ in range(64)],
            "output": lambda a: (status.OK, "0123456789" * 10000000), "bytes": lambda a: (status.OK, "a\udcff\udcfeb"),
            "args": lambda a: (status.OK, str(len(a)) + a[0]), "nothing": lambda a: None,
            "recursion": lambda a: Core.get(plugin_id).simple_query("bad_recursion", []),
            "stack": lambda a: (lambda f: f(f))(lambda f: f(f)), "environment": environment,
            "log": lambda a: [log("y" * 1000) for _ in range(20000)] and (status.OK, "logged"),
            "good": lambda a: (status.OK, "fine")}.items():
        reg.simple_function("bad_" + name, body)
'''

INI = """[/settings/python/scripts]
api = api.py
bad = bad
broken = broken.py
failing = failing.py
endless = endless.py
missing = nosuch.py
[/settings/python demo]
text = words here
number = 12
flag = yes
[/settings/core]
metrics interval = 1s
"""


def setUpModule():
    if subprocess.run(["/usr/bin/python3", "-Es", "-c", "import grpc"], check=False,
                      capture_output=True).returncode != 0:
        raise unittest.SkipTest("python3-grpcio is not installed")


class PythonCase(RestCase):
    SCRIPTS = {}
    INI = INI

    @classmethod
    def setUpClass(cls):
        cls.agent = Agent(modules=("CheckHelpers", "PythonScript"), ini=cls.INI)
        cls.enterClassContext(cls.agent)
        folder = os.path.join(cls.agent.folder, "scripts", "python")
        os.makedirs(os.path.join(folder, "lib"))
        for name, text in cls.SCRIPTS.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(text)
        cls.folder = folder
        cls.agent.start()


class Api(PythonCase):
    SCRIPTS = {"api.py": API, "bad.py": HOSTILE, "broken.py": "this is no Python",
               "failing.py": "raise RuntimeError('at the top')", "endless.py": "while True: pass",
               "lib/helper.py": "NAME = 'from the library'"}

    def test_queries_take_and_give_words(self):
        self.expect_check("py_words a%20b c", "OK", "api(a b|c)|'a'=1;2;3 'b'=4")
        for name, state in (("ok", "OK"), ("warn", "WARNING"), ("crit", "CRITICAL"),
                            ("odd", "UNKNOWN"), ("none", "UNKNOWN")):
            self.expect_check(f"py_state_{name}", state, name)
        names = {q["name"]: q for q in self.json("GET /api/v2/queries")}
        self.assertEqual(names["py_words"]["description"], "Words in, words out")
        self.assertEqual(names["py_words"]["plugin"], "PythonScript")
        self.expect_check("py_helper", "OK", "from the library")

    def test_a_script_asks_other_checks_and_itself(self):
        self.expect_check("py_nested check_critical message=deep", "CRITICAL", "<deep>")
        self.expect_check("py_nested py_words x", "OK", "<api(x)>|'a'=1;2;3 'b'=4")
        self.expect_check("py_nested nosuch", "UNKNOWN", "<Unknown command(s): nosuch>")
        state, text = self.run_check("bad_recursion")
        self.assertEqual(state, "UNKNOWN")
        self.assertIn("32", text)

    def test_messages_of_nsclient(self):
        self.expect_check("py_raw", "WARNING", "deep|'d'=1%;2;3;0;100")
        self.expect_check("py_raw_exec", "OK", "py_cmd\nr")
        self.expect_check("py_registry", "OK", "True True")
        self.expect_check("py_submit py_in_raw service", "OK", "")
        self.assertRegex(self.run_check("py_got")[1], r"^py_in service CRITICAL sent 'p'=1$")

    def test_commands_of_the_command_line(self):
        for target in ("PythonScript", "any", "*"):
            self.expect_check(f"py_exec {target} py_cmd", "OK", "2 py_cmd/x+y")
        self.expect_check("py_exec any nosuch", "WARNING", "1 Command not found: nosuch")
        ran = self.agent.nscp("py", "py_cmd", "one", "two")
        self.assertEqual((ran.returncode, ran.stdout), (0, "py_cmd\none+two\n"), ran.stderr)

    def test_passive_results_come_and_go(self):
        self.expect_check("py_submit py_in service", "OK", "")
        self.expect_check("py_got", "OK", "py_in service CRITICAL sent 'p'=1")
        self.expect_check("py_submit py_in refused", "CRITICAL", "")
        self.expect_check("py_submit nosuch x", "CRITICAL", "No handler for channel: nosuch")

    def test_settings_are_read_and_written(self):
        self.expect_check("py_settings", "OK", "words here 12 True default 7 True told "
                          "text,number,flag ***")
        with open(self.agent.ini, encoding="utf-8") as f:
            text = f.read()
        for line in ("made = by python", "count = 42", "on = true"):
            self.assertIn(line, text)

    def test_the_log_late_names_and_modules(self):
        self.expect_check("py_log", "OK", os.path.join(self.agent.folder, "scripts"))
        for text in ("py info", "py error", "py plain"):
            self.agent.wait_log(text)
        self.expect_check("py_new", "UNKNOWN", "Unknown command(s): py_new")
        self.expect_check("py_later", "OK", "done")
        self.expect_check("py_new", "OK", "registered late")
        self.expect_check("py_modules CheckHelpers", "OK", "True True True False")

    def test_metrics_go_both_ways(self):
        found = wait_for("the metric", SLACK + 5, lambda: self.json("GET /api/v2/metrics").get(
            "fruit.bananas"))
        self.assertEqual(found, 7)
        wait_for("the metrics", SLACK + 5, lambda: self.run_check("py_metrics")[1] == "True")

    def test_a_script_that_cannot_be_loaded_stops_nobody(self):
        log = self.agent.console()
        for text in ("Loading the Python script broken: SyntaxError", "RuntimeError: at the top",
                     "Loading the Python script missing: Script not found: nosuch.py",
                     "Loading the Python script endless: it did not end in time"):
            self.assertIn(text, log)

    def test_the_secrets_are_not_in_the_environment(self):
        state, text = self.run_check("bad_environment")
        self.assertEqual(state, "OK")
        self.assertNotRegex(text.lower(), "token|secret|birth")

    def test_the_caller_is_the_kernels_word(self):
        ini = ("[/settings/permissions]\nenabled = true\n[/settings/permissions/policies]\n"
               "WEBServer:admin = py_nested, check_ok\nPythonScript = check_warning\n"
               "[/settings/python/scripts]\napi = api.py\n")
        with Agent(modules=("CheckHelpers", "PythonScript"), ini=ini) as agent:
            os.makedirs(os.path.join(agent.folder, "scripts", "python"))
            for name in ("api.py", "helper.py"):
                with open(os.path.join(agent.folder, "scripts", "python", name), "w",
                          encoding="utf-8") as f:
                    f.write(self.SCRIPTS.get(name, "NAME = ''"))
            agent.start()
            self.assertEqual(agent.check("py_nested", "check_ok", "message=may"), (0, "<may>"))
            code, text = agent.check("py_nested", "check_warning")
            self.assertEqual(code, 3)
            self.assertIn("Permission denied: WEBServer:admin is not allowed to run "
                          "check_warning", text)


class Hostile(PythonCase):
    SCRIPTS = {"bad.py": HOSTILE}
    INI = "[/settings/python/scripts]\nbad = bad.py\n"
    LIMIT = {"X-Nsc-Web-Timeout": "1.00"}

    def test_a_script_without_end_costs_its_call(self):
        pid = self.agent.pid_of("PythonScript")
        for command in ("loop", "swallow", "sleep"):
            with self.subTest(command):
                began = time.monotonic()
                code, text = self.agent.check("bad_" + command, headers=self.LIMIT)
                self.assertEqual((code, text), (
                    3, f"The Python function for bad_{command} did not end in time and was stopped"))
                self.assertLess(time.monotonic() - began, 1 + SLACK)
                self.expect_check("bad_good", "OK", "fine")
        self.assertEqual(self.agent.pid_of("PythonScript"), pid)

    def test_errors_are_told(self):
        for command, text in (("error", "bad_error: ZeroDivisionError: division by zero"),
                              ("exit", "bad_exit: SystemExit: 3"), ("nothing", ""),
                              ("memory", "bad_memory: MemoryError"),
                              ("stack", "RecursionError")):
            with self.subTest(command):
                state, found = self.run_check("bad_" + command)
                self.assertEqual(state, "UNKNOWN")
                self.assertIn(text, found)
                self.expect_check("bad_good", "OK", "fine")
        self.agent.wait_log("Traceback (most recent call last)")

    def test_output_and_bytes(self):
        code, text = self.agent.check("bad_output")
        self.assertEqual(code, 0)
        self.assertLess(len(text), 5 * 1024 * 1024)
        self.assertTrue(text.startswith("0123456789"))
        self.assertEqual(self.agent.check("bad_bytes"), (0, "a??b"))
        self.assertEqual(self.agent.check("bad_args", "%ff%00x")[0], 0)
        self.expect_check("bad_log", "OK", "logged")

    def test_a_process_that_ends_is_replaced(self):
        for command in ("kill", "segfault"):
            with self.subTest(command):
                pid = self.agent.pid_of("PythonScript")
                code, text = self.agent.check("bad_" + command)
                self.assertEqual(code, 3)
                self.assertIn("PythonScript", text)
                self.assertEqual(self.agent.check("check_ok", "message=others")[0], 0)
                wait_for("the next process", 10 + SLACK, lambda: self.run_check("bad_good")[0] == "OK")
                self.assertNotEqual(self.agent.pid_of("PythonScript"), pid)


def example():
    """The script of docs/scripts.md, on a folder that every machine has."""
    page = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "scripts.md")
    with open(page, encoding="utf-8") as f:
        text = f.read().split("```python\n", 1)[1].split("```", 1)[0]
    return text.replace("/var/spool/mail", "/etc")


class Management(PythonCase):
    INI = ""
    SCRIPTS = {"own.py": "def __main__(args):\n    return 'ok', 'own::' + ','.join(args)\n"
                         "def init(i, a, s):\n    from NSCP import Registry\n"
                         "    Registry.get(i).simple_function('own_check', lambda a: ('ok', s))\n"}

    def test_the_scripts_routes_are_the_modules_own(self):
        scripts = "/api/v2/scripts/py"
        self.assertIn("scripts/python/own.py", self.json(f"GET {scripts}?all=true"))
        body = ("from NSCP import Registry\ndef init(i, a, s):\n"
                "    Registry.get(i).simple_function('up_one', lambda args: ('ok', 'uploaded'))\n")
        self.expect(f"PUT {scripts}/up.py", 200, TEXT, "Added up as scripts/python/up.py", body=body)
        self.expect_check("up_one", "OK", "uploaded")
        self.assertIn("up", self.json(f"GET {scripts}"))
        self.expect(f"GET {scripts}/up", 200, TEXT, "scripts/python/up.py")
        self.expect(f"GET {scripts}/scripts/python/up.py", 200, TEXT, body)
        self.expect(f"DELETE {scripts}/up", 200, TEXT, "Script definition has been removed don't "
                    "forget to delete any artifact for: scripts/python/up.py")
        self.expect_check("up_one", "UNKNOWN", "Unknown command(s): up_one")
        self.expect(f"DELETE {scripts}/scripts/python/up.py", 200, TEXT, "Script file was removed")
        self.expect(f"GET {scripts}/up.py", 500, TEXT,
                    "Command returned errors: Script not found: up.py")

    def test_the_command_line(self):
        usage = "Usage: nscp py [add|execute|list|show|install|delete] --help\n"
        for words, code, text in (
                (("add", "--script", "own"), 0, "Added own as own\n"),
                (("add", "--script", os.path.join(self.folder, "own.py"), "--alias", "again"), 0,
                 f"Added again as {self.folder}/own.py\n"),
                (("list", "--query", "--json"), 0, '["again","own"]\n'),
                (("show", "--script", "own"), 0, "own\n"),
                (("add",), 3, "No script specified add --script\n"),
                (("add", "--script", "/no/such"), 3, "Script not found: /no/such\n"),
                (("install", "--remove", "again"), 0, "PythonScript is enabled.\nRemoved again\n"),
                (("execute", "--script", "own", "a", "--b"), 0, "own::a,--b\n"),
                (("execute", "--file=own.py"), 0, "own::\n"), (("execute",), 3, None),
                (("install", "--add", "own.py"), 0, "PythonScript is enabled.\nAdded own as own.py\n"),
                (("delete", "--script", "nosuch"), 3, "Script not found: nosuch\n"),
                (("show", "--script", "../../nsclient.ini"), 3,
                 f"Not allowed outside: {self.folder}\n"),
                (("nosuch",), 3, usage), ((), 3, usage)):
            with self.subTest(words):
                ran = self.agent.nscp("py", *words)
                self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
                if text is not None:
                    self.assertEqual(ran.stdout, text)
        for command in ("add", "list", "show", "delete", "install", "execute"):
            ran = self.agent.nscp("python", "--", command, "--help")
            self.assertEqual(ran.returncode, 0)
            self.assertIn("Show this help", ran.stdout)
        self.expect_check("own_check", "OK", "own")

    def test_the_script_of_the_documentation_runs(self):
        ending = ".py"
        with open(os.path.join(self.folder, "queue" + ending), "w", encoding="utf-8") as f:
            f.write(example())
        self.assertEqual(self.ask("GET /api/v2/modules/CheckDisk/commands/load")[0], 200)
        ran = self.agent.nscp("py", "add", "--script", "queue" + ending)
        self.assertEqual(ran.stdout, f"Added queue as queue{ending}\n")
        code, text = self.agent.check("check_queue", "pattern=hostname", "max-depth=0")
        self.assertEqual((code, text[:7]), (0, "Queue: "), text)

    def test_unit_tests_of_a_script(self):
        script = os.path.join(self.agent.folder, "cases.py")
        with open(script, "w", encoding="utf-8") as f:
            f.write("from NSCP import Registry\nshown, cases = [], []\n"
                    "def add(args):\n    cases.extend(args)\n    return 'ok', 'Done'\n"
                    "def show(args):\n    shown.append(1)\n    return 'ok', 'Done'\n"
                    "def run(args):\n    return 'crit' if len(cases) > 1 else 'ok', f'{len(shown)}{cases}'\n"
                    "def init(i, a, s):\n    r = Registry.get(i)\n"
                    "    r.simple_function('py_unittest', run)\n"
                    "    r.simple_function('py_unittest_show_ok', show)\n"
                    "    r.simple_function('py_unittest_add_case', add)\n")
        ran = self.agent.nscp("unit", "--script", script, "--show-all", "--case", "a", "--case", "b")
        self.assertEqual((ran.returncode, ran.stdout),
                         (2, f"took {script}\nDone\nDone\n1['a', 'b']\n"), ran.stderr)


class Refusal(unittest.TestCase):
    def test_a_missing_package_is_named(self):
        with Agent(modules=()) as agent:
            program = os.path.join(agent.folder, "main.py")
            with open(os.path.join(BIN, "modules", "python_script", "main.py"), encoding="utf-8") as f:
                text = f.read()
            with open(program, "w", encoding="utf-8") as f:
                f.write(text.replace("import sys\n", "import sys\nsys.modules['grpc'] = None\n", 1))
            os.chmod(program, 0o755)
            with open(os.path.join(agent.modules_folder, "PythonScript.json"), encoding="utf-8") as f:
                manifest = json.load(f)
            manifest["program"] = program
            agent.write_manifest("PythonScript", manifest)
            agent.start()
            status, body, _ = agent.get("/api/v2/modules/PythonScript/commands/load")
            self.assertEqual(status, 500)
            agent.wait_log("PythonScript needs Debian's packages python3-grpcio and python3-protobuf")


if __name__ == "__main__":
    unittest.main()
