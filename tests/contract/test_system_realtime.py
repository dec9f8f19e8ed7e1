"""Real-time filters of CheckSystem: what they tell, to whom, and how soon."""
import json
import os
import shutil
import subprocess
import time
import unittest

from support.agent import wait_for
from support.check_case import CheckCase

# A look a second, and the way from there to the events' reader on a busy machine.
SOON = 2.5
NAME = "nscp-realtime"

INI = """[/settings/core]
metrics interval = 1s
[/settings/system/unix/real-time/cpu]
always = load >= 0 and core = 'total'
never = load > 101
broken = nosuch > 1
[/settings/system/unix/real-time/cpu/always]
times = 5s, 1m
destination = event
[/settings/system/unix/real-time/cpu/windows]
filter = core = 'total'
time = soon, 5s
destination = events
[/settings/system/unix/real-time/memory/full]
critical = used > 0%
filter = size > 0b
destination = CACHE
command = memory_full
[/settings/system/unix/real-time/memory/once]
filter = type = 'physical'
destination = event
silent period = 1h
[/settings/system/unix/real-time/memory/strange]
type = nosuch
[/settings/system/unix/real-time/process/gone]
process = {name}
filter = state = 'stopped'
destination = event
[/settings/system/unix/real-time/process/back]
processes = {name}
filter = state = 'started'
severity = warning
top syntax = ${{list}}
detail syntax = ${{exe}} is back as ${{command_line}}
destination = CACHE
[/settings/system/unix/real-time/process/quiet]
process = {name}
filter = pid = 1
maximum age = 1s
empty message = nothing to tell
destination = CACHE
""".format(name=NAME)


class Realtime(CheckCase):
    INI = INI
    MODULES = ("SimpleCache",)

    @classmethod
    def prepare(cls):
        cls.program = os.path.join(cls.agent.folder, NAME)
        shutil.copy(shutil.which("sleep"), cls.program)
        cls.running = subprocess.Popen([cls.program, "60"], stdin=subprocess.DEVNULL)
        cls.addClassCleanup(cls.end)

    @classmethod
    def end(cls):
        cls.running.kill()
        cls.running.wait()

    def events(self, name):
        return [e for e in json.loads(self.agent.get("/api/v2/events")[1]) if e["event"] == name]

    def cached(self, alias):
        return self.ask("check_cache", f"alias={alias}")

    def test_1_a_change_of_processes_is_told_within_a_second(self):
        wait_for("the program to be seen", 5, lambda: self.cached("back")[0] != 3)
        self.assertEqual(self.cached("back"), (1, f"{NAME} is back as {self.program} 60"))
        self.assertEqual(self.events("system.process:gone"), [])
        self.end()
        begin = time.monotonic()
        told = wait_for("the event", 10, lambda: self.events("system.process:gone"))
        self.assertLess(time.monotonic() - begin, SOON)
        data = told[0]["data"]
        self.assertEqual((data["exe"], data["state"], data["started"]), (NAME, "stopped", "0"))

    def test_2_events_have_what_the_check_has(self):
        told = wait_for("events of the processors", 5, lambda: self.events("system.cpu:always"))
        self.assertEqual({e["data"]["time"] for e in told}, {"5s", "1m"})
        self.assertEqual({e["data"]["core"] for e in told}, {"total"})
        self.assertTrue(all(0 <= int(e["data"]["load"]) <= 100 for e in told))
        self.assertEqual(self.events("system.cpu:never"), [])
        self.assertEqual({e["data"]["time"] for e in self.events("system.cpu:windows")}, {"5s"})

    def test_3_a_result_is_submitted_to_a_channel(self):
        wait_for("the result", 5, lambda: self.cached("memory_full")[0] != 3)
        state, text = self.cached("memory_full")
        self.assertEqual(state, 2)
        self.assertRegex(text, r"^CRITICAL: physical = [0-9.]+[KMGT]?B$")

    def test_4_silence_is_told_as_ok(self):
        wait_for("the OK", 5, lambda: self.cached("quiet") == (0, "nothing to tell"))

    def test_5_filters_are_counted_and_faults_are_logged(self):
        def counted():
            found = json.loads(self.agent.get("/api/v2/metrics")[1])
            return {key.removeprefix("system.realtime."): value for key, value in found.items()
                    if key.startswith("system.realtime.")}
        wait_for("the filters to be counted", 5, lambda: counted().get("cpu.always.fired", 0) > 1)
        figures = counted()
        self.assertEqual(figures["memory.once.fired"], 1)
        self.assertEqual(len(self.events("system.memory:once")), 1)
        self.assertEqual(figures["cpu.never.fired"], 0)
        self.assertEqual((figures["cpu.broken.errors"], figures["cpu.always.errors"]), (1, 0))
        for text in ("real-time/cpu: filter broken does not run: Failed to validate filter",
                     "real-time/cpu, filter windows, time: 'soon' is no time (write one such as 5m)",
                     "real-time/memory, filter strange: not all of these are a type of memory here: nosuch"):
            self.agent.wait_log(text)

    def test_6_a_reload_takes_the_filters_that_are_there_then(self):
        with open(self.agent.ini, encoding="utf-8") as f:
            text = f.read()
        with open(self.agent.ini, "w", encoding="utf-8") as f:
            f.write(text.replace("never = load > 101", "never = load >= 0"))
        self.assertEqual(self.agent.request("POST", "/api/v2/settings/command",
                                            json.dumps({"command": "reload"}))[0], 200)
        wait_for("the new filter", 10, lambda: self.cached("never")[0] == 3 and self.metric("cpu.never.fired"))

    def metric(self, key):
        return json.loads(self.agent.get("/api/v2/metrics")[1]).get("system.realtime." + key)


if __name__ == "__main__":
    unittest.main()
