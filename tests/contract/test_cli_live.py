"""The commands that talk to the running agent, as people and scripts see them: tables on a
terminal, JSON that says what REST says, exit codes, and what they do where no agent runs.
"""
import fcntl
import io
import json
import os
import pty
import shutil
import signal
import stat
import struct
import subprocess
import termios
import unittest
import zipfile

from support.agent import BIN, SLACK, TEST_PROGRAMS, Agent, fake_module, wait_for

NSCP = os.path.join(BIN, "nscp")
LIMIT = 60
WRONG, NOT_DONE, NO_AGENT = 1, 2, 5
LIVE = {"status": (), "modules": ("list",), "logs": (), "metrics": ()}
SECRETS = ("correct-horse", "user-secret-1", "script-secret-2", "address-secret-3")
INI = """[/settings/core]
metrics interval = 1s
[/settings/WEB/server/users/somebody]
password = user-secret-1
[/settings/notes]
command = notify --password script-secret-2 --to x
address = https://bob:address-secret-3@example.org/x
"""


def on_terminal(agent, context, *arguments, columns=80, **environment):
    """(exit code, all bytes that reached the terminal)"""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [NSCP, context, *agent.options(), *arguments], stdin=slave, stdout=slave, stderr=slave,
        env={**agent.environment(), "TERM": "xterm", **environment})
    os.close(slave)
    seen = io.BytesIO()
    while True:
        try:
            data = os.read(master, 65536)
        except OSError:  # nobody has the other end any more
            break
        seen.write(data)
    os.close(master)
    return process.wait(LIMIT), seen.getvalue()


def slow_program(folder):
    """Of a module that takes a second to start, longer than a command is silent."""
    script = os.path.join(folder, "slow")
    with open(script, "w", encoding="utf-8") as f:
        f.write(f"#!/bin/sh\nsleep 1\nexec {TEST_PROGRAMS}/fake_worker Slow\n")
    os.chmod(script, 0o755)
    return script


class LiveCase(unittest.TestCase):
    def nscp(self, *words, code=0):
        """Ends with this code; None = with any."""
        ran = self.agent.nscp(*words)
        self.assertIn(ran.returncode, (code, ran.returncode) if code is None else (code,),
                      ran.stdout[-2000:] + ran.stderr[-2000:])
        return ran

    def json(self, *words, code=0):
        return json.loads(self.nscp(*words, "--output", "json", code=code).stdout)

    def rest(self, path):
        status, body, _ = self.agent.get(path)
        self.assertEqual(200, status, body)
        return json.loads(body)

    def rows(self, *words):
        """The cells of a table's first column -> the whole line."""
        lines = self.nscp(*words).stdout.splitlines()
        return {line.split()[0]: line for line in lines[1:] if line.strip()}


class Running(LiveCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = Agent(modules=("CheckHelpers", "Fake"), ini=INI, manifests={
            "Fake": fake_module(queries=("fake_bytes", "fake_exit")),
            "Other": fake_module("Other")})
        cls.enterClassContext(cls.agent)
        cls.agent.write_manifest("Slow", {"program": slow_program(cls.agent.folder)})
        cls.agent.start()

    # ---- status
    def test_status_tells_each_slot(self):
        told = self.json("status")
        self.assertEqual(self.agent.process.pid, told["agent"]["pid"])
        self.assertTrue(told["agent"]["ready"])
        slots = {module["id"]: module for module in told["modules"]}
        self.assertEqual({"WEBServer", "CheckHelpers", "Fake"},
                         {name for name, slot in slots.items() if slot["loaded"]})
        for name in ("WEBServer", "CheckHelpers"):
            rest = self.agent.module(name)["metadata"]
            self.assertEqual((int(rest["pid"]), "running", ""),
                             (slots[name]["pid"], slots[name]["state"], slots[name]["alias"]))
            self.assertGreater(slots[name]["memory_bytes"], 1000000)
        lines = self.nscp("status").stdout.splitlines()
        self.assertRegex(lines[0], rf"^NSClient\+\+ .*, process {self.agent.process.pid}, up .*, ready$")
        self.assertEqual(["MODULE", "STATE", "PID", "RESTARTS", "MEMORY", "CALLS", "FAILED", "UP",
                          "REASON"], lines[1].split())
        self.assertRegex("\n".join(lines), r"(?m)^CheckHelpers +running +\d+ +0 +[\d.]+ MiB ")

    def test_status_tells_how_processes_ended(self):
        self.agent.check("fake_exit", "code=7")
        def ends():  # while it is down the exit code is 2
            slot, = (m for m in self.json("status", code=None)["modules"] if m["id"] == "Fake")
            return slot if slot["ends"] and slot["state"] == "running" else None
        slot = wait_for("the record of an end", 20, ends)
        self.assertEqual(7, slot["ends"][-1]["exit_code"])
        self.assertGreaterEqual(slot["restarts"], 1)

    # ---- modules
    def test_modules_are_listed_as_rest_lists_them(self):
        for words, path in (((), "/api/v2/modules"), (("--all",), "/api/v2/modules?all=true")):
            rest = {m["id"]: (m["loaded"], m["enabled"]) for m in self.rest(path)}
            told = self.json("modules", "list", *words)["modules"]
            self.assertEqual(rest, {m["id"]: (m["loaded"], m["enabled"]) for m in told})
        self.assertRegex(self.rows("modules", "--all")["Other"], r"^Other +no +no +stopped")

    def test_modules_are_loaded_replaced_and_unloaded(self):
        self.assertEqual("Other loaded\n", self.nscp("modules", "load", "Other").stdout)
        first = self.agent.pid_of("Other")
        self.assertEqual("Other replaced\n", self.nscp("modules", "reload", "Other").stdout)
        self.assertNotEqual(first, self.agent.pid_of("Other"))
        told = self.json("modules", "unload", "Other")
        self.assertEqual([{"module": "Other", "done": True, "message": ""}], told["results"])
        self.assertFalse(self.agent.module("Other")["loaded"])

    def test_of_several_modules_those_that_fail_are_told(self):
        ran = self.nscp("modules", "load", "NoSuchModule", "CheckHelpers", code=NOT_DONE)
        self.assertEqual("CheckHelpers loaded\n", ran.stdout)
        self.assertIn("nscp modules: ", ran.stderr)
        self.assertIn("NoSuchModule", ran.stderr)
        told = self.json("modules", "reload", "NoSuchModule", code=NOT_DONE)["results"]
        self.assertFalse(told[0]["done"])
        self.assertIn("NoSuchModule", told[0]["message"])

    def test_enabling_changes_the_agent_and_the_file(self):
        self.nscp("modules", "enable", "other")
        self.assertTrue(self.agent.module("Other")["enabled"])
        with open(self.agent.ini, encoding="utf-8") as f:
            self.assertIn("Other = enabled\n", f.read())
        self.assertEqual("Other disabled\n", self.nscp("modules", "disable", "Other").stdout)
        self.assertFalse(self.agent.module("Other")["enabled"])
        with open(self.agent.ini, encoding="utf-8") as f:
            self.assertIn("Other = disabled\n", f.read())
        self.nscp("modules", "enable", "NoSuchModule", code=NOT_DONE)

    # ---- queries and checks
    def test_queries_are_those_of_rest(self):
        told = self.json("queries")["queries"]
        queries = {q["name"] for q in told if q["kind"] == "query"}
        self.assertEqual({q["name"] for q in self.rest("/api/v2/queries?all=true")}, queries)
        self.assertRegex(self.rows("queries", "CHECK_ALWAYS_OK")["check_always_ok"],
                         r"^check_always_ok +query +CheckHelpers +yes +\S")

    def test_a_check_answers_as_a_plugin_does(self):
        for command, code in (("check_ok", 0), ("check_warning", 1), ("check_critical", 2)):
            self.assertEqual("so it is\n",
                             self.nscp("check", command, "message=so it is", code=code).stdout)
        self.assertEqual("No handler for command: nope\n",
                         self.nscp("check", "nope", code=3).stdout)

    def test_arguments_of_a_check_are_its_own(self):
        """Also those that are spelled like the command line's options."""
        for word in ("--output", "--settings", "--", "-b"):
            ran = self.nscp("check", "check_ok", word, "message=x", code=3)
            self.assertIn("Invalid command line", ran.stdout)
        self.assertEqual("--output json\n",
                         self.nscp("check", "check_ok", "message=--output json").stdout)

    def test_a_check_as_json_is_what_rest_answers(self):
        self.assertEqual(self.rest("/api/v2/queries/check_ok/commands/execute?message=hi"),
                         self.json_check("check_ok", "message=hi"))
        self.assertEqual(3, self.json_check("nope", code=3)["result"])

    def json_check(self, *words, code=0):
        return json.loads(self.nscp("check", "--output", "json", *words, code=code).stdout)

    def test_a_check_that_can_not_be_asked_is_unknown(self):
        self.assertIn("unknown option '--wibble'", self.nscp("check", "--wibble", code=3).stderr)
        self.assertIn("which check?", self.nscp("check", code=3).stderr)

    # ---- metrics
    def test_metrics_are_those_of_rest(self):
        told = self.json("metrics", "workers")["metrics"]
        rest = self.rest("/api/v2/metrics")
        names = {m["name"] + ("" if m["kind"] != "histogram" else ".count") for m in told}
        self.assertLess({"workers.jobs", "workers.CheckHelpers.up"}, names)
        self.assertEqual(set(), names - set(rest))
        jobs, = (m for m in self.json("metrics", "workers.jobs")["metrics"]
                 if m["name"] == "workers.jobs")
        self.assertEqual("gauge", jobs["kind"])
        self.assertRegex(self.rows("metrics", "workers.jobs")["workers.jobs"], r" 0 +Calls that ")

    # ---- the log
    def log(self, message, level="info"):
        status, body, _ = self.agent.request("POST", "/api/v2/logs", json.dumps(
            {"level": level, "file": "x", "line": 1, "message": message}))
        self.assertEqual(200, status, body)

    def test_the_last_lines_of_the_log(self):
        for number in range(3):
            self.log(f"line {number} of three", "error")
        self.log("and one of information")
        lines = self.nscp("logs", "-n", "50").stdout.splitlines()
        self.assertLessEqual(len(lines), 50)
        line, = (line for line in lines if "and one of information" in line)
        self.assertRegex(line, r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d info     WEBServer: and one")
        errors = self.nscp("logs", "--level", "error", "--lines", "3", "--output", "json").stdout
        entries = [json.loads(line) for line in errors.splitlines()]
        self.assertEqual([f"line {n} of three" for n in range(3)],
                         [entry["message"] for entry in entries])
        self.assertEqual({"error"}, {entry["level"] for entry in entries})
        self.assertEqual("", self.nscp("logs", "--lines", "0").stdout)

    def test_control_characters_in_the_log_are_told_not_done(self):
        self.log("\x1b[2J\x1b]0;title\x07 and\na line\u202e")
        self.assertIn("\\x1b[2J\\x1b]0;title\\x07 and\\na line\\u202e",
                      self.nscp("logs", "-n", "50").stdout)

    def follow(self, *words):
        process = subprocess.Popen(
            [NSCP, "logs", *self.agent.options(), "--follow", *words], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self.agent.environment())
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        return process

    def test_the_log_is_followed_until_a_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            self.log("what was before", "error")
            process = self.follow("-n", "1", "--level", "error", "--output", "json")
            self.assertEqual("what was before", json.loads(process.stdout.readline())["message"])
            self.log("what is no error")
            self.log("what comes", "error")
            self.assertEqual("what comes", json.loads(process.stdout.readline())["message"])
            process.send_signal(number)
            self.assertEqual(0, process.wait(SLACK), process.stderr.read())

    def test_a_reader_that_does_not_read_stops_nobody(self):
        self.log("x" * 4000)
        process = self.follow("-n", "100000", "--output", "json")
        process.stdout.read(1)
        for _ in range(60):
            self.log("y" * 4000)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(0, process.wait(SLACK))

    def test_a_reader_that_is_gone_ends_it(self):
        process = self.follow("-n", "1")
        process.stdout.readline()
        process.stdout.close()
        def ended():
            self.log("nobody reads this")
            return process.poll() is not None
        wait_for("the end of nscp logs", 10, ended)
        self.assertEqual(0, process.returncode)

    # ---- terminals
    def test_a_terminal_gets_colours_and_what_fits(self):
        code, seen = on_terminal(self.agent, "modules", "list", columns=60)
        self.assertEqual(0, code)
        self.assertIn(b"\x1b[1mMODULE\x1b[0m", seen)
        self.assertIn(b"\x1b[32mrunning\x1b[0m", seen)
        self.assertIn("…".encode(), seen)
        for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": ""}):
            _, plain = on_terminal(self.agent, "modules", "list", columns=60, **environment)
            self.assertNotIn(b"\x1b", plain)
            for line in plain.decode().splitlines():
                self.assertLessEqual(len(line), 60)
        piped = self.nscp("modules", "list").stdout
        self.assertNotIn("\x1b", piped)
        self.assertNotIn("…", piped)
        self.assertTrue(any(len(line) > 60 for line in piped.splitlines()))

    def test_outside_text_can_not_act_on_a_terminal(self):
        self.log("\x1b[31mred\x9b")
        for words in (("logs", "-n", "50"), ("check", "check_ok", "message=\x1b[31mred")):
            with self.subTest(words=words):
                code, seen = on_terminal(self.agent, *words, NO_COLOR="1")
                self.assertEqual(0, code)
                self.assertIn(b"\\x1b[31mred", seen)
                self.assertNotIn(b"\x1b", seen)
        code, seen = on_terminal(self.agent, "logs", "-n", "50", "--output", "json")
        self.assertEqual(0, code)
        self.assertIn(b"\\u001b[31mred\\u009b", seen)
        self.assertNotIn("\x9b".encode(), seen)
        self.assertNotIn(b"\x1b", seen)
        _, seen = on_terminal(self.agent, "settings", "--check\x1b[31m")
        self.assertIn(b"\\x1b[31m", seen)
        self.assertNotIn(b"\x1b[31m", seen)
        self.assertEqual("\x1b[31mred\n", self.nscp("check", "check_ok", "message=\x1b[31mred").stdout)

    def test_what_takes_long_says_so_on_a_terminal_alone(self):
        code, seen = on_terminal(self.agent, "modules", "load", "Slow")
        self.assertEqual(0, code)
        self.assertIn(b"\r\x1b[Kloading Slow ... 0 s", seen)
        # Nothing of it is left where the answer stands.
        self.assertTrue(seen.endswith(b"\r\x1b[KSlow loaded\r\n"), seen)
        _, dumb = on_terminal(self.agent, "modules", "reload", "Slow", TERM="dumb")
        self.assertEqual(b"Slow replaced\r\n", dumb)
        ran = self.nscp("modules", "unload", "Slow")
        self.assertEqual("", ran.stderr)

    # ---- wrong words
    def test_wrong_words_are_refused_with_the_way_to_the_help(self):
        for words in (("status", "x"), ("status", "--output", "xml"), ("modules", "frob"),
                      ("modules", "load"), ("modules", "list", "x"), ("queries", "--all"),
                      ("metrics", "a", "b"), ("logs", "x"), ("diagnostics", "x")):
            with self.subTest(words=words):
                ran = self.nscp(*words, code=WRONG)
                self.assertRegex(ran.stderr, rf"^nscp {words[0]}: .*; see nscp {words[0]} --help\n$")
        for words in (("logs", "--lines", "x"), ("logs", "-n", "100001"), ("logs", "--level", "x")):
            self.assertIn("nscp logs: --l", self.nscp(*words, code=WRONG).stderr)

    # ---- diagnostics
    def diagnostics(self, path, *words):
        ran = self.nscp("diagnostics", "--file", path, *words)
        self.assertEqual(path + "\n", ran.stdout)
        self.assertEqual(0o600, stat.S_IMODE(os.stat(path).st_mode))
        with zipfile.ZipFile(path) as archive:
            self.assertIsNone(archive.testzip())
            texts = {os.path.basename(n): archive.read(n).decode() for n in archive.namelist()}
        return ran, texts

    def test_diagnostics_hold_everything_but_secrets(self):
        for secret in SECRETS:
            self.log(f"somebody logs {secret} here", "warning")
        self.log("login with token=abcdefgh12345678")
        path = os.path.join(self.agent.folder, "d.zip")
        old = os.umask(0)
        self.addCleanup(os.umask, old)
        ran, texts = self.diagnostics(path)
        self.assertEqual("", ran.stderr)
        self.assertEqual({"README.txt", "versions.json", "status.json", "settings.txt",
                          "settings-running.txt", "problems.json", "log.txt", "metrics.json"},
                         set(texts))
        with open(os.path.join(self.agent.folder, "run", "admin"), encoding="utf-8") as f:
            token = f.read().split("\n")[1]
        for name, text in texts.items():
            for secret in (*SECRETS, token, "abcdefgh12345678", "pbkdf2-sha256$"):
                self.assertFalse(secret in text, f"{secret} in {name}")
        self.assertIn("/settings/default.password=***\n", texts["settings.txt"])
        self.assertIn("notify --password *** --to x", texts["settings.txt"])
        self.assertIn("https://***@example.org/x", texts["settings.txt"])
        self.assertEqual(texts["settings.txt"], texts["settings-running.txt"])
        self.assertIn("somebody logs *** here", texts["log.txt"])
        self.assertIn("grpc", json.loads(texts["versions.json"]))
        status = json.loads(texts["status.json"])
        self.assertEqual(self.agent.process.pid, status["agent"]["pid"])
        self.assertIn("Fake", {module["id"] for module in status["modules"]})
        problems = json.loads(texts["problems.json"])["problems"]
        self.assertIn("/settings/notes", {problem["path"] for problem in problems})
        self.assertIn("metrics", json.loads(texts["metrics.json"]))

    def test_diagnostics_replace_no_file(self):
        path = os.path.join(self.agent.folder, "mine")
        link = os.path.join(self.agent.folder, "link")
        os.symlink(os.path.join(self.agent.folder, "elsewhere"), link)
        with open(path, "w", encoding="utf-8") as f:
            f.write("mine")
        for target in (path, link):
            ran = self.nscp("diagnostics", "--file", target, code=NOT_DONE)
            self.assertIn("name another file with --file", ran.stderr)
        with open(path, encoding="utf-8") as f:
            self.assertEqual("mine", f.read())
        self.assertFalse(os.path.exists(os.path.join(self.agent.folder, "elsewhere")))


class Young(LiveCase):
    def test_an_agent_that_has_just_started_has_metrics_soon(self):
        # The first round comes a second after the start.
        with Agent() as agent:
            agent.start()
            ran = agent.nscp("metrics", "workers.jobs")
            self.assertRegex(ran.stdout, r"\nworkers.jobs +0 ", ran.stderr)


class Broken(LiveCase):
    def test_status_says_where_a_module_does_not_run(self):
        manifests = {"Refuses": fake_module("Refuses", "refuse")}
        with Agent(modules=("Refuses",), manifests=manifests) as self.agent:
            self.agent.start()
            told = self.json("status", code=NOT_DONE)["modules"]
            slot, = (m for m in told if m["id"] == "Refuses")
            self.assertEqual("refused", slot["state"])
            self.assertIn("it does not feel like it", slot["reason"])
            code, seen = on_terminal(self.agent, "status", columns=200)
            self.assertEqual(NOT_DONE, code)
            self.assertIn(b"\x1b[31mrefused\x1b[0m", seen)

    def test_the_end_of_the_agent_ends_following(self):
        with Agent(modules=()) as self.agent:
            self.agent.start()
            process = subprocess.Popen(
                [NSCP, "logs", *self.agent.options(), "--follow"], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                env=self.agent.environment())
            process.stdout.readline()
            self.agent.stop()
            _, told = process.communicate(timeout=10 + SLACK)
            self.assertEqual(NO_AGENT, process.returncode)
            self.assertIn("nscp logs: the agent has ended", told)


class Alone(LiveCase):
    """No agent runs."""

    def setUp(self):
        self.agent = Agent(modules=("CheckHelpers",), ini=INI, web=False)
        self.addCleanup(shutil.rmtree, self.agent.folder, ignore_errors=True)

    def test_each_command_says_so_in_one_sentence(self):
        for context, words in {**LIVE, "modules": ("load", "CheckHelpers")}.items():
            with self.subTest(context=context):
                ran = self.nscp(context, *words, code=NO_AGENT)
                self.assertEqual("", ran.stdout)
                self.assertEqual(1, ran.stderr.count("\n"))
                self.assertIn(f"nscp {context}: no agent answers for the settings ", ran.stderr)
                self.assertIn("start it with nscp service --run", ran.stderr)

    def test_modules_are_switched_in_the_store(self):
        self.nscp("modules", "disable", "CheckHelpers")
        with open(self.agent.ini, encoding="utf-8") as f:
            text = f.read()
        self.assertIn("CheckHelpers = disabled\n", text)
        self.nscp("modules", "enable", "checkhelpers")
        with open(self.agent.ini, encoding="utf-8") as f:
            self.assertEqual(text.replace("disabled", "enabled"), f.read())
        ran = self.nscp("modules", "enable", "NoSuchModule", code=NOT_DONE)
        self.assertIn("no module is called NoSuchModule", ran.stderr)

    def test_a_check_runs_in_a_kernel_of_its_own(self):
        self.assertEqual("hi\n", self.nscp("check", "check_warning", "message=hi", code=1).stdout)
        names = {query["name"] for query in self.json("queries")["queries"]}
        self.assertIn("check_always_ok", names)

    def test_diagnostics_are_what_the_store_gives(self):
        path = os.path.join(self.agent.folder, "d.zip")
        os.mkdir(os.path.join(self.agent.folder, "log"))
        with open(os.path.join(self.agent.folder, "log", "nsclient.log"), "w",
                  encoding="utf-8") as f:
            f.write("2026-11-22 10:00:00: info:x:1: it is correct-horse\n")
        ran = self.nscp("diagnostics", "--file", path)
        self.assertIn("no agent is running, so there are no live parts", ran.stderr)
        with zipfile.ZipFile(path) as archive:
            texts = {os.path.basename(n): archive.read(n).decode() for n in archive.namelist()}
        self.assertEqual({"README.txt", "versions.json", "settings.txt", "problems.json",
                          "log.txt"}, set(texts))
        self.assertIn("Missing: no agent is running", texts["README.txt"])
        self.assertEqual("2026-11-22 10:00:00: info:x:1: it is ***\n", texts["log.txt"])
        for text in texts.values():
            for secret in SECRETS:
                self.assertNotIn(secret, text)


if __name__ == "__main__":
    unittest.main()
