"""Workers, gateway and kernel are killed under load; nobody who polls may notice more than they must.

Each promise of time is tested at its promise plus SLACK (tests/support/agent.py).
"""
import json
import os
import signal
import threading
import time
import unittest

from support.agent import BIN, Agent, SLACK, TEST_PROGRAMS, processes, wait_for

CONNECTIONS = 4
POLLS_A_SECOND = 200


def fake(way="", queries=(), **fields):
    """The manifest of a worker that misbehaves (tests/fakes/fake_worker.cpp)."""
    names = ["fake_ok", "fake_sleep", "fake_hang", "fake_crash", "fake_exit", "fake_fork",
             "fake_nested", "fake_who", *queries]
    return {"program": os.path.join(TEST_PROGRAMS, "fake_worker"),
            "arguments": ["Fake", way] if way else ["Fake"],
            "queries": [{"name": name} for name in names], **fields}


class Polling:
    """check_ok 200 times a second on 4 connections; each answer's status and body are checked."""

    def __init__(self, agent):
        self.agent = agent
        self.done = threading.Event()
        self.lock = threading.Lock()
        self.good = 0
        self.failed = []
        self.threads = [threading.Thread(target=self.poll, args=(n,)) for n in range(CONNECTIONS)]

    def poll(self, number):
        connection = self.agent.connect()
        headers = {"Authorization": self.agent.basic()}
        wanted = f"poll-{number}"
        path = f"/api/v2/queries/check_ok/commands/execute?message={wanted}"
        pause = CONNECTIONS / POLLS_A_SECOND
        due = time.monotonic()
        while not self.done.is_set():
            try:
                connection.request("GET", path, headers=headers)
                response = connection.getresponse()
                body = response.read().decode()
                good = (response.status == 200 and json.loads(body)["result"] == 0
                        and json.loads(body)["lines"][0]["message"] == wanted)
                problem = None if good else f"{response.status} {body}"
            except (OSError, ValueError) as e:
                problem = repr(e)
            with self.lock:
                if problem:
                    self.failed.append(problem)
                else:
                    self.good += 1
            due += pause
            self.done.wait(max(0, due - time.monotonic()))
        connection.close()

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        wait_for("the first polls", SLACK, lambda: self.good >= CONNECTIONS)
        return self

    def __exit__(self, *_):
        self.done.set()
        for thread in self.threads:
            thread.join()


class Workers(unittest.TestCase):
    def test_a_killed_worker_costs_only_its_own_calls(self):
        with Agent(modules=("CheckHelpers", "CheckSystem")) as agent:
            agent.start()
            with Polling(agent) as polling:
                for _ in range(3):
                    before = polling.good
                    os.kill(agent.pid_of("CheckSystem"), signal.SIGKILL)
                    killed = time.monotonic()
                    result, message = agent.check("check_uptime", "warning=none", "critical=none")
                    if result == 3:
                        self.assertIn("CheckSystem", message)
                        self.assertIn("killed by signal 9", message)
                    wait_for("check_uptime to work again", 1 + SLACK, lambda: agent.check(
                        "check_uptime", "warning=none", "critical=none")[0] == 0)
                    print(f"works again after {time.monotonic() - killed:.2f} s")
                    wait_for("further polls", SLACK + 2, lambda: polling.good > before + 100)
                    # A healthy minute resets the back-off; tests do not wait for it.
                    agent.get("/api/v2/modules/CheckSystem/commands/unload")
                    agent.get("/api/v2/modules/CheckSystem/commands/load")
            print(f"{polling.good} polls answered, {len(polling.failed)} failed")
            self.assertEqual(polling.failed, [])

    def test_calls_in_flight_answer_unknown_naming_module_and_cause(self):
        with Agent(modules=("Fake",), manifests={"Fake": fake()}) as agent:
            agent.start()
            answers = []
            threads = [threading.Thread(
                target=lambda: answers.append(agent.check("fake_sleep", "ms=20000")))
                for _ in range(3)]
            for thread in threads:
                thread.start()
            wait_for("the calls to run", SLACK, lambda:
                     agent.module("Fake")["metadata"].get("calls_running") == "3")
            os.kill(agent.pid_of("Fake"), signal.SIGKILL)
            killed = time.monotonic()
            for thread in threads:
                thread.join(timeout=1 + SLACK)
            self.assertLess(time.monotonic() - killed, 1 + SLACK)
            self.assertEqual(len(answers), 3)
            for result, message in answers:
                self.assertEqual(result, 3)
                self.assertEqual(message, "Failed to execute command: fake_sleep (module Fake: "
                                          "its worker ended: killed by signal 9 (Killed))")

    def test_fifty_reloads_lose_no_query(self):
        with Agent(modules=("CheckHelpers",)) as agent:
            agent.start()
            with Polling(agent) as polling:
                pids = {agent.pid_of("CheckHelpers")}
                for _ in range(50):
                    status, body, _ = agent.get("/api/v2/modules/CheckHelpers/commands/reload")
                    self.assertEqual((status, body),
                                     (200, '{"result":0,"message":"Success reload CheckHelpers"}'))
                    pids.add(agent.pid_of("CheckHelpers"))
                print(f"{len(pids)} processes took turns")
            print(f"{polling.good} polls answered, {len(polling.failed)} failed")
            self.assertEqual(polling.failed, [])
            self.assertEqual(len(pids), 51)

    def test_a_killed_gateway_is_back_within_a_second(self):
        with Agent() as agent:
            agent.start()
            pid = agent.pid_of("WEBServer")
            os.kill(pid, signal.SIGKILL)
            killed = time.monotonic()
            # The kernel keeps the listening socket: a caller waits instead of being refused.
            status, _, _ = agent.get("/core/isalive", credentials=None)
            took = time.monotonic() - killed
            print(f"answered after {took:.2f} s")
            self.assertEqual(status, 200)
            self.assertLess(took, 1 + SLACK)
            self.assertNotEqual(agent.pid_of("WEBServer"), pid)

    def test_no_process_is_left_when_the_kernel_is_killed(self):
        with Agent(modules=("CheckHelpers", "CheckSystem", "Fake"),
                   manifests={"Fake": fake()}) as agent:
            agent.start()
            # One of them in a check that never ends.
            hanging = threading.Thread(target=lambda: self.assertRaises(
                Exception, agent.check, "fake_hang"))
            hanging.start()
            wait_for("the call to run", SLACK, lambda:
                     agent.module("Fake")["metadata"].get("calls_running") == "1")
            self.assertEqual(len(processes(agent.folder)), 5)
            agent.process.kill()
            killed = time.monotonic()
            agent.process.wait()
            wait_for("all processes to be gone", 1 + SLACK, lambda: not processes(agent.folder))
            print(f"all gone after {time.monotonic() - killed:.2f} s")
            hanging.join()

    def test_what_a_worker_forked_away_ends_with_it(self):
        with Agent(modules=("Fake",), manifests={"Fake": fake()}) as agent:
            agent.start()
            child = int(agent.check("fake_fork")[1])
            self.assertTrue(os.path.exists(f"/proc/{child}"))
            os.kill(agent.pid_of("Fake"), signal.SIGKILL)
            wait_for("the forked child to end", SLACK,
                     lambda: not os.path.exists(f"/proc/{child}"))

    def test_a_crashing_call_is_quarantined_and_others_go_on(self):
        with Agent(modules=("Fake",), manifests={"Fake": fake()}) as agent:
            agent.start()
            for _ in range(3):
                result, message = agent.check("fake_crash")
                self.assertEqual(result, 3)
                self.assertIn("signal 11", message)
                # Loading a slot that is backing off tries at once.
                wait_for("the worker to be back", SLACK, lambda:
                         agent.get("/api/v2/modules/Fake/commands/load")[0] == 200
                         and agent.check("fake_ok")[0] == 0)
            result, message = agent.check("fake_crash")
            self.assertEqual(result, 3)
            self.assertIn("quarantine", message)
            self.assertEqual(agent.check("fake_ok")[0], 0)
            self.assertEqual(agent.check("fake_crash", "other=argument")[0], 3)

    def test_a_deadline_is_kept_and_says_which_limit_won(self):
        with Agent(modules=("Fake",), manifests={"Fake": fake()}) as agent:
            agent.start()
            began = time.monotonic()
            result, message = agent.check("fake_hang", headers={"X-Nsc-Web-Timeout": "2.00"})
            took = time.monotonic() - began
            print(f"answered after {took:.2f} s: {message}")
            self.assertEqual(result, 3)
            # The gateway leaves the client a little of its time, so that the answer arrives.
            self.assertRegex(message, r"module Fake did not answer within [0-9.]+ s, the caller's limit")
            self.assertLess(took, 2.2 + SLACK)
            self.assertGreater(took, 1.5)
            self.assertEqual(agent.check("fake_ok")[0], 0)

    def test_a_stop_ends_within_ten_seconds_whatever_the_workers_do(self):
        with Agent(modules=("Fake", "CheckHelpers"),
                   manifests={"Fake": fake(way="ignore-stop")}) as agent:
            agent.start()
            # Its connection is cut, as it should be.
            hanging = threading.Thread(target=lambda: self.assertRaises(
                Exception, agent.check, "fake_hang"))
            hanging.start()
            wait_for("the call to run", SLACK, lambda:
                     agent.module("Fake")["metadata"].get("calls_running") == "1")
            began = time.monotonic()
            self.assertEqual(agent.stop(limit=10.0), 0)
            print(f"stopped after {time.monotonic() - began:.2f} s")
            self.assertLess(time.monotonic() - began, 10 + SLACK)
            hanging.join()

    def test_a_worker_full_of_hung_calls_is_replaced_and_not_shot(self):
        with Agent(modules=("Fake",), manifests={"Fake": fake()}) as agent:
            agent.start()
            first = agent.pid_of("Fake")
            began = time.monotonic()
            hung = [threading.Thread(target=lambda: self.assertEqual(agent.check(
                "fake_hang", headers={"X-Nsc-Web-Timeout": "1.00"})[0], 3)) for _ in range(4)]
            for thread in hung:
                thread.start()
            bad = []

            def replaced():
                result, message = agent.check("fake_ok")
                if result != 0:
                    bad.append(message)
                return agent.pid_of("Fake") != first
            # Deadline 1 s, set aside 5 s later, seen by one of the health calls (every 5 s).
            wait_for("the worker to be replaced", 1 + 5 + 2 * 5 + SLACK, replaced, pause=0.1)
            print(f"replaced after {time.monotonic() - began:.1f} s")
            for thread in hung:
                thread.join()
            self.assertEqual(bad, [])
            self.assertEqual(agent.check("fake_ok")[0], 0)

    def test_a_pool_of_two_serves_fifty_chains_of_five_aliases(self):
        aliases = "".join(f"a{n} = a{n + 1}\n" for n in range(1, 5)) + "a5 = check_ok message=bottom\n"
        with Agent(modules=("CheckHelpers",),
                   ini="[/settings/check helpers/alias]\n" + aliases) as agent:
            built = os.path.join(BIN, "modules")
            with open(os.path.join(built, "CheckHelpers.json"), encoding="utf-8") as f:
                manifest = json.load(f)
            manifest["program"] = os.path.join(built, manifest["program"])
            manifest["limits"] = {"concurrency": 2, "queue": 200}
            agent.write_manifest("CheckHelpers", manifest)
            agent.start()
            answers = []
            threads = [threading.Thread(target=lambda: answers.append(agent.check("a1")))
                       for _ in range(50)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=30)
            self.assertEqual(answers, [(0, "bottom")] * 50)

    def test_a_second_agent_of_the_same_settings_is_refused(self):
        with Agent() as agent:
            agent.start()
            second = agent.nscp("service", "--run")
            self.assertEqual(second.returncode, 1)
            self.assertIn(str(agent.process.pid), second.stdout + second.stderr)
            self.assertEqual(agent.check("check_ok")[0], 0)


if __name__ == "__main__":
    unittest.main()
