"""CheckLogFile: lines beside those of grep, wc, head, tail and awk; bookmarks through rotation and restarts; real-time
filters within a second; and hostile files and arguments."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

from support.agent import Agent, wait_for, sanitized

OK, WARNING, CRITICAL, UNKNOWN = range(4)
PROMISE = 1.0   # from a line to its event
SLACK = 2.0     # a busy machine
LIMIT = 15
OPTIONS = set("""file files line-split column-split split bookmark max-lines newest filter warning warn critical crit ok
 debug show-all empty-state perf-config escape-html list-separator top-syntax ok-syntax empty-syntax detail-syntax
 perf-syntax help help-pb help-short show-default""".split())
MEMORY = 64 * 1024 * 1024  # that a check of a large file may cost the module


def output(*command):
    return subprocess.run(command, capture_output=True, check=True, timeout=30, text=True).stdout


class LogCase(unittest.TestCase):
    INI = ""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="nscp-test-", dir="/tmp")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.agent = cls.enterClassContext(
            Agent(modules=("CheckLogFile",), ini=cls.INI.replace("FOLDER", cls.folder)))
        cls.before_start()
        cls.agent.start()

    @classmethod
    def before_start(cls):
        pass

    def ask(self, *arguments, command="check_logfile"):
        """(state, message)"""
        query = "&".join("=".join(urllib.parse.quote_plus(part, errors="surrogateescape")
                                  for part in argument.split("=", 1)) for argument in arguments)
        status, body, _ = self.agent.get(f"/api/v2/queries/{command}/commands/execute?{query}")
        self.assertEqual(status, 200, body)
        answer = json.loads(body)
        return answer["result"], answer["lines"][0]["message"]

    def path(self, name, content=None):
        path = os.path.join(self.folder, name)
        if content is not None:
            with open(path, "wb") as f:
                f.write(content if isinstance(content, bytes) else content.encode())
        return path

    def append(self, name, content):
        with open(self.path(name), "ab") as f:
            f.write(content if isinstance(content, bytes) else content.encode())


class Lines(LogCase):
    @classmethod
    def before_start(cls):
        with open(os.path.join(cls.folder, "app.log"), "w", encoding="ascii") as f:
            for i in range(20000):
                level = "ERROR" if i % 97 == 0 else "INFO"
                f.write(f"{level},{i},message {i * 7919 % 1000}\n")
        cls.log = f.name

    def test_options_and_defaults(self):
        for command in ("check_logfile", "CheckLogFile"):
            _, text = self.ask("help-short", command=command)
            names = {re.split(r"[=\t ]", line)[0] for line in text.splitlines() if line.strip()}
            self.assertEqual(names, OPTIONS)
        self.assertGreater(len(self.ask("help")[1]), 1000)
        _, text = self.ask("show-default")
        for part in ("line-split=\\n", "column-split=\\t", "bookmark=auto", "max-lines=0", "newest=last",
                     "top-syntax=${count}/${total} (${problem_list})", "empty-syntax=%(status): Nothing found",
                     "detail-syntax=${column1}", "perf-syntax=${column1}", "empty-state=ignored"):
            self.assertIn(f'"{part}"', text)

    def test_lines_are_those_of_other_tools(self):
        lines = int(output("wc", "-l", self.log).split()[0])
        errors = int(output("grep", "-c", "^ERROR", self.log))
        self.assertEqual(self.ask(f"file={self.log}", "column-split=,", "filter=column1 like 'ERROR'",
                                  "warn=count > 0", "crit=count > 1000", "detail-syntax=none"),
                         (WARNING, f"{errors}/{lines} ()"))
        big = output("awk", "-F,", "$2 > 19990 {print $2}", self.log).split()
        state, text = self.ask(f"file={self.log}", "split=,", "crit=column2 > 19990", "detail-syntax=%(column2)",
                               "top-syntax=%(problem_list)")
        self.assertEqual((state, text.split(", ")), (CRITICAL, big))
        for arguments, tool in ((("max-lines=3",), "tail"), (("max-lines=3", "newest=first"), "head")):
            _, text = self.ask(f"file={self.log}", "top-syntax=%(list)", "detail-syntax=%(line)",
                               "list-separator=\\n", *arguments)
            self.assertEqual(text + "\n", output(tool, "-n", "3", self.log))
        found = output("grep", "-E", "message (7|77)$", self.log).splitlines()
        _, text = self.ask(f"file={self.log}", "filter=line regexp '.*message (7|77)'", "top-syntax=%(list)",
                           "detail-syntax=%(line)", "list-separator=\\n")
        self.assertEqual(text.split("\n"), found)

    def test_several_files_are_one_set(self):
        one, two = self.path("one", "a\nb\n"), self.path("two", "c")
        for arguments in ((f"file={one}", f"file={two}"), (f"files={one}, {two}",)):
            self.assertEqual(self.ask(*arguments, "top-syntax=%(list)", "detail-syntax=%(line)@%(filename)"),
                             (OK, f"a@{one}, b@{one}, c@{two}"))
        self.assertEqual(self.ask(f"file={one}", "line-split=b", "top-syntax=%(count)"), (OK, "2"))
        self.assertEqual(self.ask(f"file={self.path('tabs', 'x y')}", "column-split= ", "top-syntax=%(list)",
                                  "detail-syntax=%(column(2))"), (OK, "y"))

    def test_what_is_wrong_is_said(self):
        for arguments, wanted in (
                ((), "Need to specify at least one file: file=foo.txt"),
                (("file=/no/such",), "Failed to open file: /no/such"),
                ((f"file={self.log}", "newest=middle"), "Invalid newest: middle (expected first or last)"),
                ((f"file={self.log}", "newest=first", "bookmark"),
                 "newest=first cannot be combined with bookmark: a file which is rewritten from the top has no "
                 "position to resume from")):
            self.assertEqual(self.ask(*arguments), (UNKNOWN, wanted))
        self.assertEqual(self.ask(f"file={self.path('empty', '')}"), (OK, "OK: Nothing found"))

    def test_bookmarks_outlive_rotation_and_restart(self):
        def news(*more):
            return self.ask(f"file={self.path('kept')}", "bookmark=test", "top-syntax=%(list)",
                            "empty-syntax=none", "detail-syntax=%(line)", *more)[1]

        self.path("kept", "one\ntwo\nthr")
        self.assertEqual(news(), "one, two")
        self.append("kept", "ee\n")
        self.assertEqual(self.agent.stop(), 0)
        self.agent.log_file.close()
        self.agent.start()
        self.assertEqual(news(), "three")
        self.assertEqual(news(), "")
        os.rename(self.path("kept"), self.path("kept.1"))
        self.path("kept", "a new file, which is longer than the old one\n")
        self.assertEqual(news(), "a new file, which is longer than the old one")
        with open(self.path("kept"), "r+b") as f:
            f.truncate(0)
        self.assertEqual(news(), "")
        self.append("kept", "after\n")
        self.assertEqual(news(), "after")
        pid = self.agent.pid_of("CheckLogFile")
        self.assertEqual(self.agent.get("/api/v2/modules/CheckLogFile/commands/reload")[0], 200)
        wait_for("another process", LIMIT, lambda: self.agent.pid_of("CheckLogFile") != pid)
        self.append("kept", "last\n")
        self.assertEqual(news(), "last")
        # Without a name, each way of calling has its own.
        for text in ("after", "last"):
            one = (f"file={self.path('kept')}", "bookmark", f"filter=line = '{text}'", "top-syntax=%(list)")
            self.assertEqual(self.ask(*one), (OK, text))
            self.assertEqual(self.ask(*one), (OK, "OK: Nothing found"))

    def test_a_file_that_grows_while_it_is_read_ends(self):
        path = self.path("growing", "x\n" * 1000)
        stop = threading.Event()

        def write():
            with open(path, "ab") as f:
                while not stop.is_set():
                    f.write(b"y\n" * 100)  # less than any build reads meanwhile
                    f.flush()
                    time.sleep(0.001)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for _ in range(5):
                state, text = self.ask(f"file={path}", "top-syntax=%(count)", "detail-syntax=none",
                                       "filter=line = 'x'")
                self.assertEqual((state, text), (OK, "1000"))
        finally:
            stop.set()
            writer.join()

    def test_hostile_files_cost_an_answer_and_nothing_more(self):
        os.mkfifo(self.path("pipe"))
        for odd in (self.path("pipe"), "/dev/zero", self.folder):
            self.assertEqual(self.ask(f"file={odd}"), (UNKNOWN, f"Failed to open file: {odd} (it is no plain file)"))
        binary = self.path("binary", os.urandom(1 << 20))
        lines = int(output("sh", "-c", f"tr -cd '\\n' < {binary} | wc -c"))
        self.assertEqual(self.ask(f"file={binary}", "top-syntax=%(total)", "filter=line regexp '(?i).*ERROR.*'",
                                  "empty-syntax=%(total)")[1] in (str(lines), str(lines + 1)), True)
        self.assertEqual(self.ask(f"file={binary}", "top-syntax=%(list)", "max-lines=5",
                                  "detail-syntax=%(line)")[0], OK)
        huge = self.path("huge", b"")
        with open(huge, "r+b") as f:
            f.truncate(1 << 30)  # one line of a gigabyte of zeros
        pid = self.agent.pid_of("CheckLogFile")
        self.assertEqual(self.ask(f"file={huge}", "top-syntax=%(count)", "warn=line = 'x'"), (OK, "1"))
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            peak = int(re.search(r"VmHWM:\s+(\d+)", f.read()).group(1)) * 1024
        if not sanitized(pid):
            self.assertLess(peak, MEMORY)
        self.agent.wait_log("lines longer than 64 KiB were cut there: 1")
        long = "x" * 5000
        for arguments in ((f"file=/{long}",), ("file=\udcff\udcfe",), (f"file={self.log}", f"line-split={long}"),
                          (f"file={self.log}", f"column-split={long}"), (f"file={self.log}", "max-lines=-5"),
                          (f"file={self.log}", "max-lines=99999999999999999999"),
                          (f"file={self.log}", f"bookmark={long}"), (f"file={self.log}", "bookmark=\udcff\x1f/x\n"),
                          (f"file={self.log}", "filter=column(99999999999) = 'x'"),
                          (f"file={self.log}", "filter=column('x') = 'x'"),
                          (f"file={self.log}", "filter=line regexp '(x+x+)+y'"),
                          (f"file={self.log}", "filter=line regexp '" + "(a|b)*" * 500 + "c'"),
                          (f"file={self.log}", "filter=line regexp '" + "x{1000}" * 100 + "'"),
                          (f"files={',' * 4000}",), (f"files={','.join([self.log] * 20)}", "detail-syntax=none")):
            self.assertIn(self.ask(*arguments)[0], (OK, WARNING, CRITICAL, UNKNOWN), arguments)
        self.assertEqual(self.agent.pid_of("CheckLogFile"), pid)


class RealTime(LogCase):
    INI = """[/settings/core]
metrics interval = 1s
[/settings/logfile/real-time]
enabled = true
[/settings/logfile/real-time/checks]
bad = nosuch = 1
[/settings/logfile/real-time/checks/default]
destination = event
[/settings/logfile/real-time/checks/all]
file = FOLDER/watched
[/settings/logfile/real-time/checks/errors]
files = FOLDER/watched, FOLDER/later/log
filter = column2 = 'error'
column split = ,
[/settings/logfile/real-time/checks/state]
file = FOLDER/state
read entire file = true
filter = line like 'down'
[/settings/logfile/real-time/checks/passive]
file = FOLDER/watched
filter = line like 'submit'
critical = column1 like 'bad'
destination = log
"""

    @classmethod
    def before_start(cls):
        for name in ("watched", "state"):
            with open(os.path.join(cls.folder, name), "w", encoding="ascii") as f:
                f.write("old\n")

    def setUp(self):
        self.stream = self.enterContext(self.agent.listen("/api/v2/events/stream", timeout=LIMIT))
        self.assertEqual(self.stream.status, 200)

    def event(self, name):
        """The data of the next event of that name, which must come in time."""
        begin = time.monotonic()
        while True:
            event = self.stream.event()
            self.assertIsNotNone(event)
            found = event[1]
            if found.get("event", found.get("name")) == name:
                self.assertLess(time.monotonic() - begin, PROMISE + SLACK)
                return found["data"]

    def test_1_a_line_is_an_event_within_a_second(self):
        self.append("watched", "a,error,b\n")
        data = self.event("logfile:errors")
        self.assertEqual((data["line"], data["column3"], data["file"]),
                         ("a,error,b", "b", self.path("watched")))
        for i in range(5):
            self.append("watched", f"{i},error,x\n")
            self.assertEqual(self.event("logfile:errors")["column1"], str(i))

    def test_2_rotation_truncation_and_a_line_in_two_parts(self):
        os.rename(self.path("watched"), self.path("watched.1"))
        self.path("watched", "rotated,error,\n")
        self.assertEqual(self.event("logfile:errors")["column1"], "rotated")
        os.truncate(self.path("watched"), 0)
        self.append("watched", "cut,er")
        self.append("watched", "ror,\n")
        self.assertEqual(self.event("logfile:errors")["column1"], "cut")

    def test_3_a_folder_that_comes_goes_and_comes(self):
        for i in range(2):
            os.mkdir(self.path("later"))
            self.path("later/log", f"{i},error,\n")
            self.assertEqual(self.event("logfile:errors")["column1"], str(i))
            shutil.rmtree(self.path("later"))

    def test_4_a_file_that_is_written_anew(self):
        self.path("state", "web up\ndb down")
        self.assertEqual(self.event("logfile:state")["line"], "db down")
        self.path("state", "web down\ndb up")
        self.assertEqual(self.event("logfile:state")["line"], "web down")

    def test_5_binary_lines_are_events_too(self):
        self.append("watched", b"\xff\xfe\x00,error,\x01\n")
        self.event("logfile:errors")
        self.append("watched", b"x" * 1000000 + b"\nafter,error,\n")
        while self.event("logfile:errors")["column1"] != "after":
            pass

    def test_6_a_passive_result_goes_to_its_channel(self):
        self.append("watched", "please submit this\nbad\tsubmit that\n")
        self.agent.wait_log(f"CRITICAL: {self.path('watched')}: bad\tsubmit that", limit=PROMISE + SLACK)
        self.assertNotIn("please submit this", self.agent.console())  # no bound is true for it

    def test_7_what_filters_did_is_a_metric_and_what_is_wrong_is_logged(self):
        def figures():
            found = json.loads(self.agent.get("/api/v2/metrics")[1])
            return found if found.get("logfile.real-time.errors.fired", 0) > 0 else None

        self.append("watched", "a,error,metric\n")
        found = wait_for("the filter's figures", LIMIT, figures, pause=0.1)
        self.assertEqual(found["logfile.real-time.bad.errors"], 1)
        self.assertEqual(found["logfile.real-time.errors.errors"], 0)
        self.agent.wait_log("filter bad: it names no file")
        self.assertEqual(self.agent.module("CheckLogFile")["metadata"]["restarts"], "0")


if __name__ == "__main__":
    unittest.main()
