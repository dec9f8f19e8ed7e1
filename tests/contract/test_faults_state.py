"""Faults that NSClient++ is known for, each shown to be absent here: modules that end, success that
is none, changes that come late."""
import threading
import time
import unittest
from http.client import HTTPException

from support.agent import Agent, SLACK, fake_module, processes, wait_for
from support.case import FORBIDDEN, JSON, VERSIONS, RestCase
from support.wire import Wire

QUERIES = ["fake_sleep", "fake_crash", "fake_exit", "fake_who"]


class Faults(RestCase):
    def setUp(self):
        self.agent = self.enterContext(Agent(
            modules=("CheckHelpers", "Fake"),
            manifests={"Fake": fake_module(queries=QUERIES)})).start()

    def test_unloading_a_module_gives_its_process_back(self):
        pid = self.agent.pid_of("Fake")
        self.assertIn(pid, processes(self.agent.folder))
        self.assertEqual(self.agent.get("/api/v2/modules/Fake/commands/unload")[0], 200)
        self.assertNotIn(pid, processes(self.agent.folder))
        self.assertEqual(self.agent.module("Fake")["metadata"]["pid"], "0")

    def test_a_crash_in_a_check_is_an_answer_and_a_line_in_the_log(self):
        web = self.agent.pid_of("WEBServer")
        for command in ("fake_crash", "fake_exit"):
            with self.subTest(command):
                result, message = wait_for("Fake to run", 10, lambda: self.answer_of(command),
                                           pause=0.1)
                self.assertEqual(result, 3)
                self.assertIn("Fake", message)
        self.agent.wait_log("Fake stopped by itself")
        self.assertEqual(self.agent.check("check_ok")[0], 0)
        self.assertEqual(self.agent.pid_of("WEBServer"), web)
        wait_for("Fake to be back", 10,
                 lambda: self.agent.module("Fake")["metadata"]["state"] == "running", pause=0.1)
        self.assertEqual(self.agent.check("fake_who")[0], 0)

    def answer_of(self, command):
        if self.agent.module("Fake")["metadata"]["state"] != "running":
            return None
        return self.agent.check(command)

    def test_what_cannot_work_does_not_report_success(self):
        for version in VERSIONS:
            modules = f"/api/{version}/modules"
            for line, status, body in (
                    (f"GET {modules}/NoSuch/commands/enable", 500, ""),
                    (f"GET {modules}/NoSuch/commands/disable", 500, ""),
                    (f"PUT {modules}/NoSuch", 404, '{"loaded":true}'),
                    (f"POST {modules}/NoSuch", 404, '{"loaded":false}'),
                    (f"POST /api/{version}/logs", 400, '{"level"')):
                with self.subTest(line):
                    self.assertEqual(self.ask(line, body=body)[0], status)
        self.assertFalse(self.json("GET /api/v2/settings/status")["has_changed"])

    def reload(self):
        self.expect("POST /api/v2/settings/command", 200, JSON, {"status": "success"},
                    body='{"command":"reload"}')

    def test_a_changed_password_counts_from_the_next_reload_and_the_old_one_no_more(self):
        old, new = self.agent.password, "a-new-password"
        token = self.login()
        done = self.agent.nscp("web", "password", "--set", new)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn(new, done.stdout + done.stderr)
        self.reload()

        def accepted(password):
            status, body, _ = self.agent.get("/api/v2", headers={"password": password},
                                             credentials=None)
            self.assertIn((status, body == FORBIDDEN), ((200, False), (403, True)))
            return status == 200
        wait_for("the new password to count", 1 + SLACK, lambda: accepted(new), pause=0.2)
        self.assertFalse(accepted(old))
        self.refused("GET /api/v2", headers={"X-Auth-Token": token}, credentials=None)

    def test_a_reload_acts_at_once_and_keeps_tokens_and_connections(self):
        token = self.login()
        with Wire(self.agent.port) as wire:
            self.json("PUT /api/v2/settings/settings/check%20helpers/alias",
                      body='{"key":"fresh","value":"check_ok message=reloaded"}')
            self.reload()
            wait_for("the new alias", 1 + SLACK, lambda: self.agent.check("fresh")[0] == 0)
            wire.send(b"GET /api/v2 HTTP/1.1\r\nHost: x\r\nX-Auth-Token: " + token.encode() +
                      b"\r\n\r\n")
            self.assertEqual(wire.answer().status, 200)

    def test_replacing_modules_while_they_work_loses_no_query(self):
        stop = threading.Event()
        answers, errors = [], []

        def poll():
            while not stop.is_set():
                try:
                    answers.append(self.agent.check("fake_who"))
                except (AssertionError, OSError, HTTPException) as error:
                    errors.append(error)
        threads = [threading.Thread(target=poll) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for name in ("Fake", "WEBServer", "WEBServer"):
                before, count = self.agent.pid_of(name), len(answers)
                self.assertEqual(self.agent.get(f"/api/v2/modules/{name}/commands/reload")[0], 200)
                wait_for("the old process to be gone", 10,
                         lambda: before not in processes(self.agent.folder))
                self.assertNotEqual(self.agent.pid_of(name), before)
                wait_for("more polls", 10, lambda: len(answers) > count + 10)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self.assertEqual(errors, [])
        self.assertEqual(set(answers), {(0, "WEBServer:admin")})

    def test_it_stops_quickly_and_a_check_that_runs_still_gets_its_answer(self):
        results = []
        running = threading.Thread(
            target=lambda: results.append(self.agent.check("fake_sleep", "ms=1000")))
        running.start()
        wait_for("the check to run", SLACK, lambda: int(
            self.agent.module("Fake")["metadata"]["calls_running"]) == 1)
        begin = time.monotonic()
        self.assertEqual(self.agent.stop(), 0)
        self.assertLess(time.monotonic() - begin, 5 + SLACK)
        running.join()
        self.assertEqual(results, [(0, "slept")])


if __name__ == "__main__":
    unittest.main()
