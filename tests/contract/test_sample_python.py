"""A module in another language, as a user has it: loaded over REST, asked, killed, reloaded, unloaded.

Skipped where Debian's packages for gRPC in Python are missing; workers/sample_python has no other need.
"""
import contextlib
import json
import os
import signal
import socket
import time
import unittest

from support.agent import BIN, SLACK, Agent, free_port, processes, wait_for
from support.case import JSON, TEXT, RestCase

SAMPLES = os.path.join(BIN, "samples")
MANIFEST = os.path.join(SAMPLES, "SamplePython.json")
MISSING = ("bin/samples has no SamplePython: install python3-grpcio, python3-protobuf and "
           "protobuf-compiler-grpc, then build again")
COMMANDS = "/api/v2/modules/SamplePython/commands/"


def manifest():
    with open(MANIFEST, encoding="utf-8") as f:
        fields = json.load(f)
    return {**fields, "program": os.path.join(SAMPLES, fields["program"])}


@contextlib.contextmanager
def listener(backlog=8):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen(backlog)
        yield s.getsockname()[1]


@contextlib.contextmanager
def full_listener():
    """A port that takes no more connections: the next one waits without an answer."""
    with listener(backlog=0) as port, contextlib.ExitStack() as stack:
        for _ in range(4):
            s = stack.enter_context(socket.socket())
            s.setblocking(False)
            s.connect_ex(("127.0.0.1", port))
        yield port


@unittest.skipUnless(os.path.exists(MANIFEST), MISSING)
class SamplePython(RestCase):
    def start(self, ini="", modules=("CheckHelpers", "SamplePython")):
        self.agent = self.enterContext(
            Agent(modules=modules, manifests={"SamplePython": manifest()}, ini=ini)).start()

    def answer(self, command, *arguments, **options):
        """The first line of an answer, and its state."""
        path = f"/api/v2/queries/{command}/commands/execute?" + "&".join(
            argument.replace(" ", "%20") for argument in arguments)
        answer = self.json("GET " + path, **options)
        return answer["result"], answer["lines"][0]

    def test_its_life_over_rest(self):
        self.start(modules=("CheckHelpers",))
        check = ("sample_retry", "command=check_ok", "argument=message=hello")
        self.assertEqual(self.answer(*check)[1]["message"], "Unknown command(s): sample_retry")
        self.expect(f"GET {COMMANDS}load", 200, JSON,
                    {"result": 0, "message": "Success load SamplePython"})
        self.agent.wait_log("sample_connect waits 5 s at most")
        self.assertEqual(self.answer(*check), (0, {"message": "hello", "perf": {}}))

        first = self.agent.pid_of("SamplePython")
        os.kill(first, signal.SIGKILL)
        wait_for("the killed worker to be back", 2 + SLACK,
                 lambda: self.agent.check(*check[:2])[0] == 0)
        second = self.agent.pid_of("SamplePython")
        self.assertNotEqual(first, second)

        self.expect(f"GET {COMMANDS}reload", 200, JSON,
                    {"result": 0, "message": "Success reload SamplePython"})
        self.assertEqual(self.answer(*check)[0], 0)
        self.assertNotEqual(self.agent.pid_of("SamplePython"), second)

        self.expect(f"GET {COMMANDS}unload", 200, JSON,
                    {"result": 0, "message": "Success unload SamplePython"})
        self.assertEqual(self.answer(*check)[0], 3)
        self.assertFalse(any("SamplePython" in line
                             for line in processes(self.agent.folder).values()))

    def test_its_check_judges_and_measures(self):
        self.start()
        with listener() as port:
            code, line = self.answer("sample_connect", f"port={port}", "warning=10000",
                                     "detail-syntax=${host} on ${port}")
            self.assertEqual((code, line["message"]), (0, f"127.0.0.1 on {port}"))
            time_taken = line["perf"]["time"]
            self.assertEqual((time_taken["unit"], time_taken["warning"], time_taken["minimum"]),
                             ("ms", 10000, 0))
            self.assertNotIn("critical", time_taken)
            self.assertEqual(self.answer("sample_connect", f"port={port}", "critical=0")[0], 2)
            self.assertEqual(self.answer("sample_connect", f"port={port}", "warning=0")[0], 1)
        closed = free_port()
        code, line = self.answer("sample_connect", f"port={closed}")
        self.assertEqual(code, 2)
        self.assertIn(f"127.0.0.1:{closed}", line["message"])

    def test_what_is_wrong_with_arguments_is_told(self):
        self.start()
        for arguments, word in (((), "port= must be a number"),
                                (("port=nan",), "port=nan must be a number"),
                                (("port=1", "colour=red"), "Unknown option: colour"),
                                (("port=1", "%ff=1"), "Unknown option: ?"),
                                (("port=1", "host=%ff"), "127.0.0.1")):
            code, line = self.answer("sample_connect", *arguments)
            self.assertIn(code, (2, 3))
            if word != "127.0.0.1":
                self.assertIn(word, line["message"])
        code, line = self.answer("sample_connect", "help")
        self.assertEqual(code, 0)
        self.assertIn("detail-syntax=", line["message"])

    def test_its_setting_is_read_and_a_bad_one_refuses_the_start(self):
        self.start(ini="[/settings/sample python]\ntimeout = 1\n")
        with full_listener() as port:
            began = time.monotonic()
            code, line = self.answer("sample_connect", f"port={port}")
            self.assertEqual((code, line["message"]),
                             (2, f"127.0.0.1:{port} did not answer within 1 s"))
            self.assertLess(time.monotonic() - began, 1 + SLACK)
        self.expect("PUT /api/v2/settings/settings/sample%20python", 200, JSON,
                    {"status": "success", "keys": 1},
                    body='{"path":"/settings/sample python","key":"timeout","value":"never"}')
        self.ask(f"GET {COMMANDS}unload")
        status, content_type, body = self.ask(f"GET {COMMANDS}load")
        self.assertEqual((status, content_type), (500, TEXT), body)
        self.assertIn('timeout: "never" must be a whole number',
                      self.agent.module("SamplePython")["metadata"]["reason"])

    def test_it_stops_working_for_a_caller_who_has_gone(self):
        self.start(ini="[/settings/sample python]\ntimeout = 60\n")
        began = time.monotonic()
        with full_listener() as port:
            code, message = self.agent.check("sample_connect", f"port={port}",
                                             headers={"X-Nsc-Web-Timeout": "2.00"})
            self.assertEqual(code, 3)
            self.assertIn("module SamplePython did not answer within", message)
            self.assertLess(time.monotonic() - began, 2 + SLACK)
            # A drain waits 5 s for what runs: nothing does any more.
            stopping = time.monotonic()
            self.assertEqual(self.ask(f"GET {COMMANDS}unload")[0], 200)
            self.assertLess(time.monotonic() - stopping, SLACK)

    def test_it_ends_with_the_kernel(self):
        self.start()
        self.agent.process.kill()
        self.agent.process.wait()
        wait_for("all processes to be gone", 1 + SLACK, lambda: not processes(self.agent.folder))


if __name__ == "__main__":
    unittest.main()
