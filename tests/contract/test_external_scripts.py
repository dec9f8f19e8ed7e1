"""CheckExternalScripts against the running agent: scripts that behave, and scripts that do not."""
import json
import os
import time
import unittest
from urllib.parse import quote

from support.agent import SLACK, Agent, processes, wait_for
from support.case import RestCase

IDLE = "sh -c 'sleep 300; :' \"$PWD\""  # its command line says whose it is
SCRIPTS = {
    "ok.sh": "echo 'OK: fine|a=1;2;3'",
    "args.sh": "for a in \"$@\"; do printf '<%s>' \"$a\"; done; exit 1",
    "many.sh": "printf 'first|a=1\\nsecond\\nthird|b=2\\nc=3\\n'; exit 2",
    "code.sh": "echo strange; exit 7",
    "bytes.sh": "printf 'OK: \\377\\376 bytes'",
    "quiet.sh": "exit 0",
    "flood.sh": "yes 'a line without end'",
    "stubborn.sh": f"trap '' TERM; {IDLE} & while :; do sleep 1; done",
    "leaves.sh": f"{IDLE} & echo left",
    "away.sh": f"setsid {IDLE} & echo away",
    "handler.sh": "sleep 0.3; touch handled",
}
INI = """[/settings/external scripts]
allow arguments = true
timeout = 2
[/settings/external scripts/scripts]
""" + "".join(f"{name[:-3]} = scripts/{name} $ARGS$\n" for name in SCRIPTS) + """
missing = scripts/nosuch.sh
plain = echo one > two $HOME ; `id`
[/settings/external scripts/scripts/handler]
command = scripts/handler.sh
capture output = false
[/settings/external scripts/wrappings]
sh = /bin/sh scripts/%SCRIPT% %ARGS%
[/settings/external scripts/wrapped scripts]
wrapped = args.sh fixed "$ARG1$"
unwrapped = x.unknown
[/settings/external scripts/alias]
al = check_critical "message=$ARG1$ is bad"
"""


class ExternalScripts(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = Agent(modules=("CheckExternalScripts", "CheckHelpers"), ini=INI)
        cls.enterClassContext(cls.agent)
        folder = os.path.join(cls.agent.folder, "scripts")
        os.makedirs(folder, exist_ok=True)
        for name, text in SCRIPTS.items():
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as f:
                f.write("#!/bin/sh\n" + text + "\n")
            os.chmod(path, 0o700)
        cls.agent.start()

    def of_scripts(self):
        return [line for line in processes(self.agent.folder).values() if "sleep 300; :" in line]

    def test_a_script_is_a_check(self):
        for command, wanted in (
                ("ok", ("OK", "OK: fine|'a'=1;2;3")),
                ("many", ("CRITICAL", "first\nsecond\nthird|'a'=1 'b'=2 'c'=3")),
                ("code", ("UNKNOWN", "The command (code) returned an invalid return code: 7")),
                ("quiet", ("OK", "No output available from command (quiet).")),
                ("bytes", ("OK", "OK: \ufffd\ufffd bytes")),
                ("plain", ("OK", "one > two $HOME ; `id`")),  # nobody reads it but the program
                ("missing", ("UNKNOWN",
                             "The command (missing) returned an invalid return code: 127"))):
            with self.subTest(command):
                self.assertEqual(self.run_check(command), wanted)
        self.agent.wait_log("Starting scripts/nosuch.sh: No such file or directory")

    def test_arguments_arrive_as_words(self):
        self.assertEqual(self.run_check("args", "a%20b", "%24(id)", "*"),
                         ("WARNING", "<a b><$(id)><*>"))
        self.assertEqual(self.run_check("wrapped", "x%20y"), ("WARNING", "<fixed><x y>"))
        state, text = self.run_check("args", "a%7Cb")
        self.assertEqual(state, "UNKNOWN")
        self.assertTrue(text.startswith("Request contained illegal characters"), text)
        self.assertEqual(self.run_check("unwrapped"),
                         ("UNKNOWN", "Failed to find wrapping for type: unknown"))

    def test_an_alias_runs_what_it_stands_for(self):
        self.assertEqual(self.run_check("al", "web"), ("CRITICAL", "web is bad"))

    def test_a_script_without_end_is_ended_with_all_it_started(self):
        for command in ("flood", "stubborn"):
            with self.subTest(command):
                began = time.monotonic()
                self.assertEqual(self.run_check(command),
                                 ("UNKNOWN",
                                  f"Command {command} didn't terminate within 2s; killed"))
                # The limit, the friendly end, and what a loaded machine needs.
                self.assertLess(time.monotonic() - began, 2 + 2 + SLACK)
                self.assertEqual(self.run_check("ok")[0], "OK")
        wait_for("the group to be gone", SLACK, lambda: not self.of_scripts())

    def test_what_a_script_leaves_holds_nobody_up_and_ends_with_the_module(self):
        for command, text in (("leaves", "left"), ("away", "away")):
            began = time.monotonic()
            self.assertEqual(self.run_check(command), ("OK", text))
            self.assertLess(time.monotonic() - began, 1 + SLACK)
        self.assertEqual(len(self.of_scripts()), 2)
        status, body, _ = self.agent.get(
            "/api/v2/modules/CheckExternalScripts/commands/reload")
        self.assertEqual(status, 200, body)
        wait_for("what was left to be gone", SLACK, lambda: not self.of_scripts())
        wait_for("the module", SLACK, lambda: self.run_check("ok")[0] == "OK")

    def test_a_handler_is_started_and_not_waited_for(self):
        self.assertEqual(self.run_check("handler"), ("OK", "Command handler was started"))
        done = os.path.join(self.agent.folder, "handled")
        wait_for("the handler", SLACK, lambda: os.path.exists(done))

    def test_names_are_listed_with_what_they_stand_for(self):
        queries = {q["name"]: q for q in self.json("GET /api/v2/queries")}
        self.assertEqual(queries["ok"]["description"],
                         "External script: scripts/ok.sh $ARGS$")
        self.assertEqual(queries["ok"]["plugin"], "CheckExternalScripts")
        aliases = {a["name"]: a for a in self.json("GET /api/v2/aliases")}
        self.assertEqual(aliases["al"]["description"], "Alias for: check_critical")


class UsualAliases(unittest.TestCase):
    """A host whose settings have no alias."""
    ARGUMENTS = {"alias_cpu_ex": ("101", "102"), "alias_top_memory_users_ex": ("1G",),
                 "alias_process": ("nscp",), "alias_process_stopped": ("nosuch",),
                 "alias_process_count": ("nscp", "100", "200"),
                 "alias_file_size": ("/etc", "hostname", "1G"),
                 "alias_file_age": ("/etc", "hostname", "1000w"),
                 "alias_service_ex": ("cron",)}
    # What they call is not of this system.
    LACKING = {"check_eventlog", "check_tasksched"}
    NO_SYSTEMD = "check_service needs systemd and its D-Bus"

    def test_each_is_a_check_that_its_module_understands(self):
        modules = ("CheckExternalScripts", "CheckSystem", "CheckDisk")
        with Agent(modules=modules, ini="[/settings/external scripts]\n") as agent:
            agent.start()
            aliases = json.loads(agent.get("/api/v2/aliases")[1])
            usual = [a for a in aliases if a["name"].startswith("alias_")]
            self.assertGreater(len(usual), 20)
            for alias in usual:
                name, target = alias["name"], alias["description"].removeprefix("Alias for: ")
                with self.subTest(name):
                    arguments = "&".join(quote(a) for a in self.ARGUMENTS.get(name, ()))
                    found = json.loads(agent.get(f"/api/v2/queries/{name}/commands/"
                                                 f"execute_nagios?{arguments}")[1])
                    text = found["lines"][0]["message"]
                    if target in self.LACKING:
                        self.assertIn(f"Unknown command(s): {target}", text)
                    elif target != "check_service" or self.NO_SYSTEMD not in text:
                        self.assertNotEqual(found["result"], "UNKNOWN", text)


class CommandLine(unittest.TestCase):
    def test_the_command_line_has_the_same_commands(self):
        with Agent(modules=("CheckExternalScripts",)) as agent:
            folder = os.path.join(agent.folder, "scripts")
            os.makedirs(folder)
            with open(os.path.join(folder, "mine.sh"), "w", encoding="utf-8") as f:
                f.write("#!/bin/sh\necho mine\n")
            for words, code, text in (
                    (("list",), 0, "scripts/mine.sh"),
                    (("add", "--script", "mine.sh", "--alias", "m"), 0,
                     "Added m as scripts/mine.sh"),
                    (("list", "--query"), 0, "m"),
                    (("show", "--script", "m"), 0, "scripts/mine.sh"),
                    (("install", "--arguments=safe"), 0, "SAFE Arguments are allowed."),
                    (("nosuch",), 3,
                     "Usage: nscp ext-scr [add|list|show|install|delete] --help"),
                    (("delete", "--script", "m"), 0,
                     "Script definition has been removed don't forget to delete any artifact "
                     "for: scripts/mine.sh")):
                with self.subTest(words):
                    run = agent.nscp("ext-scr", *words)
                    self.assertEqual((run.returncode, run.stdout.strip()), (code, text),
                                     run.stderr)
            with open(agent.ini, encoding="utf-8") as f:
                self.assertIn("allow arguments = true\n", f.read())


if __name__ == "__main__":
    unittest.main()
