"""Faults that NSClient++ is known for, each shown to be absent here: waiting, credentials, the
wire."""
import hashlib
import os
import re
import socket
import ssl
import stat
import statistics
import threading
import time
import unittest
import warnings

from support.agent import Agent, SLACK, fake_module, processes
from support.case import TEXT, RestCase
from support.wire import Wire, unverified

QUERIES = ["fake_sleep", "fake_exit"]
ITERATIONS = 100_000  # of PBKDF2 for a stored password
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """What a process has used so far: other than the clock, it knows no busy machine."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def cost_of_a_hash():
    begin = time.thread_time()
    for _ in range(3):
        hashlib.pbkdf2_hmac("sha256", b"password", b"0123456789abcdef", ITERATIONS)
    return (time.thread_time() - begin) / 3


class Faults(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(
            modules=("CheckHelpers", "Fake"),
            manifests={"Fake": fake_module(queries=QUERIES)})).start()

    def times(self, path, count, connection):
        taken = []
        for _ in range(count):
            begin = time.monotonic()
            status = self.agent.get(path, connection=connection)[0]
            taken.append(time.monotonic() - begin)
            self.assertEqual(status, 200)
        return taken

    # ---- Waiting
    def test_four_slow_checks_take_as_long_as_one_and_hold_nobody_up(self):
        limit = 0.05
        paths = ("/core/isalive", "/api/v2/modules")
        connection = self.agent.connect()
        self.addCleanup(connection.close)
        # What the same requests take when nothing else runs is the machine's, not ours.
        alone = {path: statistics.median(self.times(path, 9, connection)) for path in paths}
        results = []

        def sleep():
            results.append(self.agent.check("fake_sleep", "ms=1000"))
        threads = [threading.Thread(target=sleep) for _ in range(4)]
        begin = time.monotonic()
        for thread in threads:
            thread.start()
        beside = {path: [] for path in paths}
        while time.monotonic() - begin < 0.9:
            for path in paths:
                beside[path] += self.times(path, 1, connection)
        for thread in threads:
            thread.join()
        took = time.monotonic() - begin
        self.assertEqual(results, [(0, "slept")] * 4)
        self.assertGreaterEqual(took, 1)
        self.assertLess(took, 2.5)  # one after another: 4 s
        for path in paths:
            self.assertLess(statistics.median(beside[path]), limit + alone[path], path)

    def test_more_slow_checks_than_places_still_hold_up_no_other_module(self):
        threads = [threading.Thread(target=self.agent.check, args=("fake_sleep", "ms=1500"))
                   for _ in range(24)]
        for thread in threads:
            thread.start()
        begin = time.monotonic()
        self.assertEqual(self.agent.check("check_ok")[0], 0)
        self.assertEqual(self.agent.get("/api/v2/modules")[0], 200)
        took = time.monotonic() - begin
        for thread in threads:
            thread.join()
        self.assertLess(took, 1.4)

    # ---- Credentials
    def test_polling_with_basic_credentials_pays_for_one_hash_and_wrong_ones_pay_each_time(self):
        polls, wrong = 200, 4
        self.agent.get("/api/v2/login")
        pid = self.agent.pid_of("WEBServer")
        connection = self.agent.connect()
        self.addCleanup(connection.close)
        for headers in ({"Authorization": self.agent.basic()},
                        {"password": self.agent.password}):
            self.agent.get("/api/v2/info", headers=headers, credentials=None)
            before, one = cpu_seconds(pid), cost_of_a_hash()
            for _ in range(polls):
                status, _, _ = self.agent.get("/api/v2/info", headers=headers, credentials=None,
                                              connection=connection)
                self.assertEqual(status, 200)
            self.assertLess(cpu_seconds(pid) - before, polls * one / 4)
        before, one = cpu_seconds(pid), cost_of_a_hash()
        for i in range(wrong):
            user = "nobody" if i % 2 else "admin"
            headers = {"Authorization": self.agent.basic(user, f"wrong {i}")}
            self.refused("GET /api/v2/info", headers=headers, credentials=None)
        self.assertGreater(cpu_seconds(pid) - before, wrong * one / 2)

    def test_the_same_credentials_get_the_same_token_and_a_login_its_own(self):
        self.assertEqual(len(self.cookies(5)), 1)
        self.assertEqual(len({self.login() for _ in range(5)}), 5)
        self.assertEqual(len(self.cookies(5)), 1)

    def cookies(self, count):
        """The tokens of that many requests with Basic credentials."""
        tokens = set()
        for _ in range(count):
            connection = self.agent.connect()
            connection.request("GET", "/api/v2/info",
                               headers={"Authorization": self.agent.basic()})
            response = connection.getresponse()
            response.read()
            tokens.update(re.findall(r"token=(\w+)", str(response.headers.get_all("Set-Cookie"))))
            connection.close()
        return tokens

    def test_no_address_but_the_page_answers_without_credentials_whatever_its_end(self):
        for path in ("/api/", "/api/v1/", "/api/v2/", "/api/v2/modules/", "/api/v2/queries/",
                     "/api/v2/queries/check_ok/", "/api/v2/modules/CheckHelpers/",
                     "/query/check_ok/",
                     "/api/v2/modules/x.js", "/api/v2/settings/x.html", "/query/check_ok.png",
                     "/api/v2/queries/check_ok/commands/execute/", "/api/v2/logs/", "//api//v2//"):
            with self.subTest(path):
                self.refused(f"GET {path}", credentials=None)
        for path in ("/api/v2/", "/api/v2/queries/check_ok/", "/api/v2/modules/CheckHelpers/",
                     "/query/check_ok/"):
            self.json(f"GET {path}")

    # ---- The wire
    def test_connections_are_kept_and_closed_when_asked(self):
        line = b"GET /core/isalive HTTP/1.%d\r\nHost: x\r\n%s\r\n"
        with Wire(self.agent.port) as wire:
            for _ in range(50):
                wire.send(line % (1, b""))
                self.assertEqual(wire.answer().status, 200)
            wire.send(line % (1, b"") * 5)  # five at once
            self.assertEqual([wire.answer().status for _ in range(5)], [200] * 5)
            wire.send(line % (1, b"Connection: close\r\n"))
            self.assertEqual(wire.answer().headers["connection"], ["close"])
            self.assertEqual(wire.rest(), b"")
        with Wire(self.agent.port) as wire:
            wire.send(line % (0, b""))
            self.assertEqual(wire.answer().headers["connection"], ["close"])
            self.assertEqual(wire.rest(), b"")

    def test_the_end_of_a_connection_follows_its_answer_without_delay(self):
        limit = 0.035  # Nagle's pause is 40 ms, each time; the best of many knows no busy machine
        taken = []
        for _ in range(15):
            with Wire(self.agent.port) as wire:
                begin = time.monotonic()
                wire.send(b"GET /core/isalive HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                self.assertEqual(wire.answer().status, 200)
                wire.rest()
                taken.append(time.monotonic() - begin)
        self.assertLess(min(taken), limit)

    def test_tls_1_2_and_1_3_are_spoken_and_nothing_older(self):
        version = ssl.TLSVersion
        for offered, spoken in ((version.TLSv1_3, "TLSv1.3"), (version.TLSv1_2, "TLSv1.2")):
            with Wire(self.agent.port, context=unverified(offered, offered)) as wire:
                self.assertEqual(wire.socket.version(), spoken)
                cipher = wire.socket.cipher()[0]
                self.assertRegex(cipher, "GCM|CHACHA20")
        for offered in (version.TLSv1_1, version.TLSv1):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context = unverified(offered, offered)
            context.set_ciphers("ALL:@SECLEVEL=0")  # so that it is not we who refuse
            with self.assertRaises(ssl.SSLError) as refused:
                Wire(self.agent.port, context=context)
            self.assertIn("ALERT_PROTOCOL_VERSION", str(refused.exception.reason))

    def test_a_post_without_body_and_length_is_answered_at_once(self):
        with Wire(self.agent.port) as wire:
            begin = time.monotonic()
            wire.send(b"PUT /api/v2/modules/CheckHelpers HTTP/1.1\r\nHost: x\r\npassword: " +
                      self.agent.password.encode() + b"\r\n\r\n")
            self.assertEqual(wire.answer().status, 400)
            self.assertLess(time.monotonic() - begin, SLACK)

    def test_bodies_and_heads_past_their_bound_are_answered(self):
        for path, body, headers, expected in (
                ("/api/v2/logs", b"x" * (1024 * 1024 + 1), {}, 413),
                ("/api/v2/logs", b"{", {"X-Long": "x" * 40_000}, 431)):
            status, text, answered = self.agent.request("POST", path, body=body, headers=headers)
            self.assertEqual((status, answered["content-type"]), (expected, TEXT))
            self.assertTrue(text.startswith(str(expected)), text)

    def test_the_private_key_is_for_its_owner_alone(self):
        folder = os.path.join(self.agent.folder, "certificate")
        for name in os.listdir(folder):
            mode = stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode)
            self.assertEqual(mode, 0o600, name)
        with open(os.path.join(folder, "certificate.pem"), encoding="ascii") as f:
            self.assertRegex(f.read(), "(?s)PRIVATE KEY.*BEGIN CERTIFICATE")

    def test_it_listens_on_the_address_of_its_setting_alone(self):
        with socket.socket() as other, self.assertRaises(ConnectionRefusedError):
            other.connect(("127.0.0.2", self.agent.port))

    # ---- Modules
    def test_listing_and_describing_queries_starts_and_runs_nothing(self):
        before = processes(self.agent.folder)
        calls = self.agent.module("Fake")["metadata"]["calls_total"]
        for _ in range(3):
            self.json("GET /api/v2/queries")
            self.json("GET /api/v2/aliases")
            self.json("GET /api/v2/modules?all=true")
            self.json("GET /api/v2/settings/descriptions?recursive=true")
            for query in QUERIES:
                self.json(f"GET /api/v2/queries/{query}")
        self.assertEqual(processes(self.agent.folder), before)
        self.assertEqual(self.agent.module("Fake")["metadata"]["calls_total"], calls)


if __name__ == "__main__":
    unittest.main()
