"""The log and the events as streams: what arrives, who may listen, how many, and every end."""
import concurrent.futures
import contextlib
import http.client
import json
import os
import signal
import socket
import ssl
import time
import unittest

from support.agent import SLACK, Agent, wait_for, sanitized
from support.case import TEXT, VERSIONS, RestCase

LOGS, EVENTS = "/api/v2/logs/stream", "/api/v2/events/stream"
INI = """
stream listeners = 4
stream listeners of one user = 3
[/settings/WEB/server/roles]
reader = login.get, logs.list, events.list
[/settings/WEB/server/users/rita]
password = reader-pass
role = reader
[/settings/WEB/server/users/carla]
password = client-pass
role = client
"""
# Of a portion that a client does not take.
STALL_LIMIT = 10


def resident(pid):
    """Bytes of memory."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def write(agent, message, level="info"):
    status, body, _ = agent.request("POST", "/api/v2/logs",
                                    body=json.dumps({"level": level, "message": message}))
    assert status == 200, body


def next_message(stream, *wanted):
    """The next event whose message is one of those; others of the agent's own stand between."""
    while (event := stream.event()) is not None:
        if event[0] == "log" and event[1]["message"] in wanted:
            return event[1]
    raise AssertionError(f"the stream ended before {wanted}")


class Streams(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(ini=INI)).start()

    def setUp(self):
        self.open_streams = self.enterContext(contextlib.ExitStack())

    def listen(self, path, **options):
        """Waits for the places of the test before."""
        def opened():
            stream = self.agent.listen(path, **options)
            if stream.status != 503:
                return stream
            stream.close()
            return None
        return self.open_streams.enter_context(wait_for("a free place", SLACK, opened))

    def as_rita(self):
        return {"headers": {"Authorization": self.agent.basic("rita", "reader-pass")},
                "credentials": None}

    def test_an_entry_that_is_written_arrives_as_the_list_has_it(self):
        for version in VERSIONS:
            with self.subTest(version):
                stream = self.listen(f"/api/{version}/logs/stream")
                self.assertEqual(stream.status, 200)
                headers = {k.lower(): v for k, v in stream.response.getheaders()}
                self.assertEqual(headers["content-type"], "text/event-stream")
                self.assertEqual(headers["cache-control"], "no-cache")
                self.assertIsNone(stream.block()[1])
                self.assertRegex(stream.last_id, r"^\d+-\d+$")
                write(self.agent, f"live {version}", "warning")
                entry = next_message(stream, f"live {version}")
                listed = self.json("GET /api/v2/logs?per_page=500&level=warning")
                self.assertIn(entry, listed)
                stream.close()

    def test_a_stream_resumes_behind_the_last_id(self):
        with self.listen(LOGS) as stream:
            write(self.agent, "resume one")
            next_message(stream, "resume one")
            last = stream.last_id
        write(self.agent, "resume two")
        for path, headers in ((LOGS, {"Last-Event-ID": last}), (f"{LOGS}?since={last}", {}),
                              (f"{LOGS}?since=" + last.split("-")[1], {}),
                              (f"{LOGS}?since=0", {"Last-Event-ID": last})):
            with self.subTest(path=path, headers=headers), \
                    self.listen(path, headers=headers) as stream:
                entry = next_message(stream, "resume one", "resume two")
                self.assertEqual(entry["message"], "resume two")
        # The id of another life of the agent hides nothing.
        with self.listen(LOGS, headers={"Last-Event-ID": "1-" + "9" * 9}) as stream:
            next_message(stream, "resume one")
            next_message(stream, "resume two")
        self.expect(f"GET {LOGS}?since=x", 400, TEXT, "Invalid request")

    def test_levels_are_filtered_as_in_the_list(self):
        with self.listen(f"{LOGS}?level=error,critical") as stream:
            write(self.agent, "passed over", "info")
            write(self.agent, "wanted", "critical")
            self.assertEqual(stream.event()[1]["message"], "wanted")

    def test_events_have_a_stream_of_their_own(self):
        for version in VERSIONS:
            with self.listen(f"/api/{version}/events/stream", **self.as_rita()) as stream:
                self.assertEqual(stream.status, 200)
                self.assertEqual(stream.block(), (None, None, None))
                self.assertRegex(stream.last_id, r"^\d+-\d+$")

    def test_strangers_and_those_without_the_grant_are_refused(self):
        basic = self.agent.basic
        for headers in ({}, {"Authorization": basic(password="wrong")},
                        {"Authorization": "Bearer nonsense"}, {"TOKEN": "nonsense"},
                        {"password": "wrong"},
                        {"Authorization": basic("carla", "client-pass")}):
            for path in (LOGS, EVENTS):
                with self.subTest(headers=headers, path=path):
                    self.refused(f"GET {path}", headers=headers, credentials=None)

    def test_the_number_of_listeners_is_bounded_and_requests_go_on(self):
        mine = [self.listen(path) for path in (LOGS, EVENTS, LOGS)]
        status, body, headers = self.agent.get(LOGS)
        self.assertEqual((status, headers["retry-after"]), (503, "30"))
        self.assertIn("'stream listeners of one user'", body)
        other = self.listen(LOGS, **self.as_rita())
        status, body, _ = self.agent.get(LOGS, **self.as_rita())
        self.assertEqual(status, 503)
        self.assertIn("'stream listeners'", body)

        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda _: self.agent.get("/api/v2/info")[0], range(20)))
        self.assertEqual(answers, [200] * 20)
        write(self.agent, "to all")
        for stream in (mine[0], mine[2], other):
            next_message(stream, "to all")
        mine[1].close()
        self.listen(EVENTS)  # its place is free again

    def test_a_stream_ends_with_its_token(self):
        token = self.login("rita", "reader-pass")
        with self.listen(LOGS, headers={"TOKEN": token}, credentials=None) as stream:
            self.assertEqual(self.ask("DELETE /api/v2/login", headers={"TOKEN": token},
                                      credentials=None)[0], 200)
            comments = []
            while (block := stream.block()) is not None:
                comments.append(block[2])
            self.assertEqual(comments[-1], "the token of this stream has expired or was revoked")

    def test_http_1_0_gets_plain_bytes_and_the_end_of_the_connection(self):
        context = ssl._create_unverified_context()
        with socket.create_connection(("127.0.0.1", self.agent.port), timeout=30) as plain, \
                context.wrap_socket(plain) as connection:
            connection.sendall(f"GET {LOGS} HTTP/1.0\r\nAuthorization: "
                               f"{self.agent.basic()}\r\nConnection: keep-alive\r\n\r\n".encode())
            with connection.makefile("rb") as answer:
                head = b"".join(iter(answer.readline, b"\r\n")).lower()
                self.assertIn(b"connection: close\r\n", head)
                self.assertNotIn(b"transfer-encoding", head)
                self.assertEqual(answer.readline(), b"retry: 3000\n")


class Ends(unittest.TestCase):
    def drain(self, stream):
        """All that is left of a stream; how it ended."""
        comments = []
        try:
            while (block := stream.block()) is not None:
                comments.append(block[2])
        except (OSError, http.client.HTTPException) as error:
            return comments, error
        return comments, None

    def test_a_reader_that_does_not_read_is_dropped_and_costs_little(self):
        with Agent(ini="\nstream listeners = 1\n") as agent:
            agent.start()
            gateway, kernel = agent.pid_of("WEBServer"), agent.process.pid
            silent = self.enterContext(agent.listen(LOGS))
            self.assertEqual(silent.status, 200)
            self.assertEqual(agent.get(LOGS)[0], 503)
            writer = agent.connect()
            line = json.dumps({"message": "x" * 60000, "level": "info"})

            def flood():
                for _ in range(200):
                    status = agent.request("POST", "/api/v2/logs", body=line,
                                           connection=writer)[0]
                    self.assertEqual(status, 200)
            flood()  # fills what is bounded anyway: the ring, the sockets' buffers
            before = resident(gateway), resident(kernel)
            flood()
            if sanitized(gateway):
                print("memory is not compared: a sanitizer is in the way")
            else:
                for pid, was in zip((gateway, kernel), before):
                    # A third of what was written.
                    self.assertLess(resident(pid) - was, 4 * 1024 * 1024)
            writer.close()

            def dropped():
                with agent.listen(LOGS) as stream:
                    return stream.status == 200
            wait_for("the slow reader to be dropped", STALL_LIMIT + SLACK, dropped, pause=0.2)

    def test_streams_end_with_the_gateway_and_resume_behind_it(self):
        with Agent() as agent:
            agent.start()
            with agent.listen(LOGS) as stream:
                write(agent, "before")
                next_message(stream, "before")
                status, body, _ = agent.get("/api/v2/modules/WEBServer/commands/reload")
                self.assertEqual(status, 200, body)
                comments, error = self.drain(stream)
                self.assertIsNone(error)
                self.assertEqual(comments[-1], "the web server stops")
                last = stream.last_id
            wait_for("the next gateway", 30, agent.ready)
            write(agent, "after")
            with agent.listen(LOGS, headers={"Last-Event-ID": last}) as stream:
                next_message(stream, "after")
                # A reload of its settings ends streams, too.
                agent.request("POST", "/api/v2/settings/command",
                              body=json.dumps({"command": "reload"}))
                comments, error = self.drain(stream)
                self.assertIsNone(error)
                self.assertTrue(comments)
            wait_for("the agent after its reload", 30, agent.ready)
            with agent.listen(LOGS) as stream:
                status, body, _ = agent.get("/api/v2/modules/WEBServer/commands/unload")
                self.assertEqual(status, 200, body)
                comments, error = self.drain(stream)
                self.assertIsNone(error)
                self.assertEqual(comments[-1], "the web server stops")

    def test_streams_end_with_the_kernel(self):
        with Agent() as agent:
            agent.start()
            with agent.listen(LOGS) as stream:
                begin = time.monotonic()
                os.kill(agent.process.pid, signal.SIGKILL)
                self.drain(stream)
                self.assertLess(time.monotonic() - begin, 5 + SLACK)
            agent.process.wait(timeout=SLACK)


if __name__ == "__main__":
    unittest.main()
