"""What holds for every check of every module: it tells its options, its defaults can be given back to it, what it does
not know is refused in known words, and an expression from outside cannot hold it up."""
import json
import os
import shlex
import sys
import time
import unittest
from urllib.parse import quote

from support.agent import BIN, SLACK, WINDOWS, Agent

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "packaging", "reference"))
import update  # noqa: E402  (found by the line above)

OK, UNKNOWN = 0, 3
MODULES = sorted(n[:-5] for n in os.listdir(os.path.join(BIN, "modules"))
                 if n.endswith(".json") and n != "WEBServer.json")
# Whose arguments are a command line of somebody else's, and those that only say what to use instead.
NO_OPTIONS = {"check_always_ok", "check_always_warning", "check_always_critical", "checkdrivesize", "checkfiles"}
if WINDOWS:  # with the arguments of long ago
    NO_OPTIONS |= {"checkcounter", "checkcpu", "checkeventlog", "checkmem", "checkprocstate",
                   "checkservicestate", "checkuptime"}
NOT_HERE = set() if WINDOWS else {"check_storagepool", "check_shadowcopy", "check_share"}
ROOT = "Z:" if WINDOWS else ""  # where wine has Linux' files
# RE2 takes this in linear time; a backtracking engine does not live to see the end of it.
HUGE = "(" + "|".join(f"(x{i}+)+y*" for i in range(200)) + ")*$"
TIME = 2.0  # for one expression over all rows of a check


class EveryCheck(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(modules=MODULES)).start()
        cls.connection = cls.agent.connect()
        cls.addClassCleanup(cls.connection.close)
        cls.queries = [q["name"] for q in json.loads(cls.agent.get("/api/v2/queries?all=true")[1])
                       if q["name"] not in NO_OPTIONS
                       and not q["description"].startswith(("Alias", "Alternative"))]

    def ask(self, command, *arguments):
        """(state, message)"""
        given = "&".join(quote(a.split("=", 1)[0]) + ("=" + quote(a.split("=", 1)[1], safe="")
                                                      if "=" in a else "") for a in arguments)
        status, body, _ = self.agent.get(f"/api/v2/queries/{command}/commands/execute?{given}",
                                         connection=self.connection)
        self.assertEqual(status, 200, body)
        answer = json.loads(body)
        return answer["result"], "".join(line["message"] for line in answer["lines"])

    def test_there_are_all(self):
        self.assertGreater(len(self.queries), 50)
        self.assertIn("check_cpu", self.queries)

    def test_each_tells_its_options_and_takes_its_defaults(self):
        for command in self.queries:
            with self.subTest(command=command):
                state, text = self.ask(command, "help")
                self.assertEqual(state, OK)
                self.assertIn("help", text)
                state, short = self.ask(command, "help-short")
                self.assertEqual(state, OK)
                self.assertIn("show-default", short)
                state, defaults = self.ask(command, "show-default")
                self.assertEqual(state, OK, defaults)
                state, text = self.ask(command, *shlex.split(defaults), "help-short")
                self.assertEqual((state, text), (OK, short), defaults)

    def test_each_refuses_what_it_does_not_know(self):
        for command in self.queries:
            with self.subTest(command=command):
                state, text = self.ask(command, "nosuchoption=1")
                self.assertEqual(state, UNKNOWN)
                self.assertIn("nosuchoption", text)

    def test_each_filter_names_what_is_wrong_with_an_expression(self):
        for command in self.filters():
            with self.subTest(command=command):
                state, text = self.ask(command, "filter=nosuchkeyword = 1")
                if " specified" in text:
                    continue  # it wants to know first what to look at
                self.assertEqual((state, text),
                                 (UNKNOWN, "Failed to validate filter see log for details: "
                                           "Filter expression is not valid: nosuchkeyword = 1"))

    def test_each_keyword_can_be_shown(self):
        # What a check wants to know first, so that it gets as far as its rows.
        targets = {"check_files": [f"path={ROOT}/etc", "max-depth=0"],
                   "check_single_file": [f"file={ROOT}/etc/passwd"],
                   "check_logfile": [f"file={ROOT}/etc/passwd"], "check_uncpath": [f"path={ROOT}/"],
                   "check_disk_write": [f"path={ROOT}{self.agent.folder}/written"]}
        for command in self.filters():
            keywords = [k for k in update.Help(self.agent, command).keywords if not k.endswith("()")]
            with self.subTest(command=command):
                self.assertGreater(len(keywords), 5)
                shown = " ".join("${" + k + "}" for k in keywords)
                _, text = self.ask(command, *targets.get(command, []), f"detail-syntax={shown}")
                self.assertNotIn("Failed to parse syntax", text)
                for name in keywords:
                    self.assertNotIn("${" + name + "}", text)

    def test_a_huge_regular_expression_holds_nobody_up(self):
        for command, keyword in (("check_process", "exe"), ("check_files", "name"),
                                 ("check_drivesize", "drive"), ("check_logfile", "line")):
            with self.subTest(command=command):
                arguments = {"check_files": [f"path={ROOT}/usr/include"],
                             "check_logfile": [f"file={ROOT}/etc/services"]}.get(command, [])
                began = time.monotonic()
                state, text = self.ask(command, *arguments, f"filter={keyword} regexp '{HUGE}'")
                self.assertLess(time.monotonic() - began, TIME + SLACK)
                self.assertTrue(text, state)

    def filters(self):
        return [c for c in self.queries if c not in NOT_HERE and "detail-syntax" in self.ask(c, "help")[1]]


if __name__ == "__main__":
    unittest.main()
