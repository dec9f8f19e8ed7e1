"""The conformance kit against a worker that breaks one rule at a time: it names just that one.

What the kit says of the agent's own modules are tests of their own, see CMakeLists.txt.
"""
import concurrent.futures
import json
import os
import subprocess
import tempfile
import unittest

from support.agent import TEST_PROGRAMS

KIT = os.path.join(TEST_PROGRAMS, "conformance")
WORKER = os.path.join(TEST_PROGRAMS, "broken_worker")
OPTIONS = ["--nested", "broken_nested {command}", "--slow", "broken_slow",
           "--refuse", "/settings/broken,refuse=yes"]
# Rules whose breach shows only when the time for a start is over.
SLOW_TO_SHOW = {"birth-line": ["--start-limit", "5"], "start-in-time": ["--start-limit", "5"]}
RUNS_AT_ONCE = 3


def kit(*arguments):
    return subprocess.run([KIT, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=120, check=False)


def verdicts(output):
    """{rule: (word, text)}"""
    lines = [line.split(None, 4) for line in output.splitlines()[:-1]]
    return {rule: (word, text) for word, rule, _, _, text in lines}


class Kit(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(dir="/tmp"))

    def manifest(self, *breaks, **fields):
        path = os.path.join(self.folder, "-".join(("Broken", *breaks)) + ".json")
        name = os.path.basename(path)[:-len(".json")]
        with open(path, "w", encoding="utf-8") as f:
            json.dump({"name": name, "contractMin": 1, "contractMax": 1, "program": WORKER,
                       "arguments": [name] + (["--break", *breaks] if breaks else []),
                       "queries": [{"name": "broken_nested"}],
                       "settings": [{"path": "/settings/broken"}],
                       "limits": {"concurrency": 8, "queue": 8}, **fields}, f)
        return path

    def test_each_broken_rule_is_named_and_no_other(self):
        honest = kit(*OPTIONS, self.manifest())
        print(honest.stdout)
        self.assertEqual(honest.returncode, 0, honest.stdout + honest.stderr)
        rules = verdicts(honest.stdout)
        self.assertEqual({word for word, _ in rules.values()}, {"ok"})
        self.assertGreater(len(rules), 18)
        with concurrent.futures.ThreadPoolExecutor(RUNS_AT_ONCE) as pool:
            runs = dict(zip(rules, pool.map(
                lambda rule: kit(*OPTIONS, *SLOW_TO_SHOW.get(rule, ()), self.manifest(rule)),
                rules)))
        for rule, run in runs.items():
            with self.subTest(rule):
                failed = {name: text for name, (word, text) in verdicts(run.stdout).items()
                          if word == "FAILED"}
                print(rule, "->", failed)
                self.assertEqual(list(failed), [rule], run.stdout)
                self.assertEqual(run.returncode, 1)

    def test_a_rule_that_cannot_be_looked_at_is_skipped_with_the_reason(self):
        run = kit("--rule", "nested-call", "--rule", "refusal", self.manifest())
        self.assertEqual(run.returncode, 0)
        self.assertEqual({rule: word for rule, (word, _) in verdicts(run.stdout).items()},
                         {"nested-call": "skipped", "refusal": "skipped"})
        self.assertIn("--nested", run.stdout)
        self.assertIn("0 ok, 0 failed, 2 skipped", run.stdout)

    def test_what_is_no_worker_fails_and_is_told(self):
        run = kit("--start-limit", "1", self.manifest(program="/bin/cat"))
        self.assertEqual(run.returncode, 1)
        self.assertEqual([rule for rule, (word, _) in verdicts(run.stdout).items()
                          if word == "FAILED"], ["attach-in-time"])
        self.assertIn("no Host.Attach within 1000 ms", run.stdout)

    def test_the_command_line_says_what_is_wrong_with_it(self):
        for arguments, word in (((), "which worker?"), (("/no/such/file",), "/no/such/file"),
                                (("--jobs", "0", "x"), "--jobs"),
                                (("--set", "x", "y"), "PATH,KEY=VALUE"),
                                (("--rule", "none", self.manifest()), "no rule"),
                                (("--what",), "--what")):
            run = kit(*arguments)
            self.assertEqual((run.returncode, run.stdout), (64, ""), arguments)
            self.assertIn(word, run.stderr)
        self.assertIn("usage: conformance", kit("--help").stdout)


if __name__ == "__main__":
    unittest.main()
