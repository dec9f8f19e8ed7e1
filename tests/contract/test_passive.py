"""Passive results: Scheduler runs checks, SimpleCache and SimpleFileWriter take what they say."""
import json
import os
import signal
import unittest

from support.agent import SLACK, Agent, wait_for
from support.case import RestCase

INTERVAL = 1  # second
INI = """[/settings/scheduler/schedules]
short = check_ok message=short
unknown = nosuch_command
[/settings/scheduler/schedules/default]
interval = 1s
channel = CACHE
run on startup = true
[/settings/scheduler/schedules/sok]
command = check_ok "message=cached well"
channel = CACHE, FILE
[/settings/scheduler/schedules/bad]
command = check_critical message=bad
alias = a bad service
channel = FILE
report = critical
source = web1
[/settings/scheduler/schedules/good]
command = check_ok message=not-reported
channel = FILE
report = warning, critical
[/settings/scheduler/schedules/logged]
command = check_warning message=to-the-log
channel = log
[/settings/scheduler/schedules/dropped]
command = check_ok message=dropped
channel = drop
[/settings/scheduler/schedules/nowhere]
command = check_ok message=nowhere
channel = NOBODY
[/settings/scheduler/schedules/broken]
command = check_ok
schedule = 0 * * * *
"""
FILE_INI = """[/settings/writers/file]
file = {file}
syntax = ${{alias-or-command}}|${{result}}|${{message}}|${{host}}|${{channel}}
"""


class Passive(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = Agent(modules=("CheckHelpers", "Scheduler", "SimpleCache", "SimpleFileWriter"),
                          ini=INI)
        cls.enterClassContext(cls.agent)
        cls.file = os.path.join(cls.agent.folder, "results.txt")
        with open(cls.agent.ini, "a", encoding="utf-8") as f:
            f.write(FILE_INI.format(file=cls.file) + "[/settings/core]\nmetrics interval = 1s\n")
        cls.agent.start()

    def lines(self):
        try:
            with open(self.file, encoding="utf-8") as f:
                return f.read().splitlines()
        except FileNotFoundError:
            return []

    def wait_cached(self, key, wanted):
        wait_for(f"{key} in the cache", INTERVAL + SLACK,
                 lambda: self.agent.check("check_cache", f"key={key}") == wanted)

    def test_results_reach_the_cache(self):
        self.wait_cached("sok", (0, "cached well"))
        self.wait_cached("short", (0, "short"))
        self.assertEqual(self.agent.check("check_cache", "alias=sok"), (0, "cached well"))
        self.assertEqual(self.agent.check("checkcache", "command=sok"), (0, "cached well"))
        self.wait_cached("unknown", (3, "Unknown command(s): nosuch_command"))
        self.assertEqual(self.agent.check("list_cache"), (0, "short, sok, unknown"))
        self.assertEqual(self.agent.check("check_cache", "key=no"), (3, "Entry not found"))
        for command in ("check_cache", "list_cache"):
            self.assertEqual(self.agent.check(command, "help")[0], 0)

    def test_results_reach_the_file(self):
        wait_for("results in the file", INTERVAL + SLACK,
                 lambda: {"sok|OK|cached well||FILE",
                          "a bad service|CRITICAL|bad|web1|FILE"} <= set(self.lines()))
        self.assertNotIn("not-reported", "\n".join(self.lines()))
        before = len(self.lines())
        wait_for("more of them", INTERVAL + SLACK, lambda: len(self.lines()) > before)

    def test_the_log_tells(self):
        self.agent.wait_log("Notification 1: to-the-log", INTERVAL + SLACK)
        self.agent.wait_log("No handler for channel: NOBODY", INTERVAL + SLACK)
        self.agent.wait_log("The schedule broken is left out", SLACK)
        self.assertIn("an interval and a schedule", self.agent.console())

    def test_figures(self):
        def figures():
            metrics = self.json("GET /api/v2/metrics")
            return metrics if metrics.get("scheduler.submitted", 0) > 0 else None
        metrics = wait_for("the scheduler's metrics", 2 + SLACK, figures)
        self.assertEqual(metrics["scheduler.jobs"], 8)
        self.assertEqual(metrics["scheduler.threads"], 5)
        self.assertGreater(metrics["scheduler.errors"], 0)
        self.assertGreaterEqual(metrics["scheduler.rate"], 0)


class Changes(RestCase):
    """What happens to the modules while it runs."""

    def setUp(self):
        self.agent = self.enterContext(
            Agent(modules=("CheckHelpers", "Scheduler", "SimpleCache"), ini=INI).start())

    def cached(self, key):
        return self.agent.check("check_cache", f"key={key}")[1]

    def test_a_reload_takes_the_new_schedules(self):
        wait_for("the first result", INTERVAL + SLACK, lambda: self.cached("short") == "short")
        change = json.dumps({"path": "/settings/scheduler/schedules", "key": "added",
                             "value": "check_ok message=added"})
        status, body, _ = self.agent.request("PUT", "/api/v2/settings/settings/scheduler/schedules",
                                             body=change)
        self.assertEqual(status, 200, body)
        self.assertEqual(self.agent.get("/api/v2/modules/Scheduler/commands/reload")[0], 200)
        wait_for("the new schedule", INTERVAL + SLACK, lambda: self.cached("added") == "added")

    def test_a_killed_scheduler_goes_on(self):
        wait_for("the first result", INTERVAL + SLACK, lambda: self.cached("short") == "short")
        # A cache that begins anew shows that what it has came after the kill.
        os.kill(self.agent.pid_of("Scheduler"), signal.SIGKILL)
        os.kill(self.agent.pid_of("SimpleCache"), signal.SIGKILL)
        wait_for("a result after the kill", 2 * INTERVAL + 2 * SLACK,
                 lambda: self.cached("short") == "short")

    def test_an_unloaded_cache_is_told_of(self):
        self.agent.get("/api/v2/modules/SimpleCache/commands/unload")
        self.agent.wait_log("Failed to submit the result of the schedule short to CACHE",
                            INTERVAL + SLACK)


if __name__ == "__main__":
    unittest.main()
