"""CauseCrashes: whatever goes wrong in a module costs its own worker, and nobody else."""
import unittest

from support.agent import SLACK, Agent, sanitized, wait_for
from support.case import RestCase

RESTART = 0.5  # of a worker that ended for the first time
MODULES = "/api/v2/modules"


class CauseCrashes(RestCase):
    def setUp(self):
        self.agent = self.enterContext(Agent(modules=("CauseCrashes", "CheckHelpers")).start())
        self.others = self.pids_of_others()
        self.sanitized = sanitized(self.agent.pid_of("CauseCrashes"))

    def pids_of_others(self):
        return [self.agent.pid_of(name) for name in ("WEBServer", "CheckHelpers")]

    def crash(self, kind):
        state, message = self.agent.check("crash_client", f"kind={kind}")
        self.assertEqual(state, 3, message)
        return message

    def still_fine(self):
        self.assertEqual(self.agent.check("check_ok", "message=fine"), (0, "fine"))
        self.assertEqual(self.pids_of_others(), self.others)

    def works_again(self):
        return "Invalid kind" in self.crash("nothing")

    def test_a_crash_takes_its_own_worker_alone(self):
        for kind, says in (("segfault", "signal"), ("abort", "signal"), ("exit", "code 3"),
                           ("stack", "signal")):
            with self.subTest(kind=kind):
                message = self.crash(kind)
                self.assertIn("CauseCrashes", message)
                if not self.sanitized:  # which makes an exit of its own of each of them
                    self.assertIn(says, message)
                self.still_fine()
                # An administrator's load begins anew: no waiting for the next try.
                for command in ("unload", "load"):
                    self.agent.get(f"{MODULES}/CauseCrashes/commands/{command}")
                wait_for("a worker again", SLACK, self.works_again)

    def test_the_worker_comes_back_by_itself(self):
        self.crash("segfault")
        wait_for("a worker again", RESTART + SLACK, self.works_again)
        self.still_fine()

    def test_an_exception_and_memory_cost_the_call(self):
        worker = self.agent.pid_of("CauseCrashes")
        self.assertEqual(self.crash("exception"), "CauseCrashes was asked to throw")
        if not self.sanitized:  # its shadow of all addresses allows no limit
            self.assertIn("bad_alloc", self.crash("memory"))
        self.still_fine()
        self.assertEqual(self.agent.pid_of("CauseCrashes"), worker)

    def test_help(self):
        self.assertIn("segfault, abort", self.agent.check("crash_client", "help")[1])


if __name__ == "__main__":
    unittest.main()
