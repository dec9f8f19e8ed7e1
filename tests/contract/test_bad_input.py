"""What a network may bring: broken, hostile and endless requests. Each gets a clear answer, and
the agent serves on."""
import contextlib
import json
import os
import socket
import threading
import time
import unittest
import urllib.parse

from support.agent import Agent, PASSWORD, SLACK, TEST_PROGRAMS, fake_module
from support.case import TEXT, RestCase
from support.wire import Wire, ask, document

MIB = 1024 * 1024
AUTH = f"password: {PASSWORD}\r\n".encode()
HOST = b"Host: localhost\r\n"


def get(target, extra=b""):
    return b"GET " + target + b" HTTP/1.1\r\n" + HOST + AUTH + extra + b"\r\n"


def execute(command):
    return f"/api/v2/queries/{command}/commands/execute"


class BadInput(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(
            modules=("CheckHelpers", "Fake"),
            manifests={"Fake": fake_module(queries=["fake_bytes", "fake_who"])})).start()
        cls.port = cls.agent.port
        cls.pids = {name: cls.agent.pid_of(name) for name in ("WEBServer", "CheckHelpers")}

    def tearDown(self):
        """Whatever was sent: a check still runs, and in the very same processes."""
        self.assertEqual(self.agent.check("check_ok", "message=still+here"), (0, "still here"))
        self.assertEqual({name: self.agent.pid_of(name) for name in self.pids}, self.pids)

    def test_json_that_is_broken_or_too_deep_is_400(self):
        deep = 100_000
        for body in (b"{", b"[1,", b'{"loaded":tru', b"\xff\xfe", b'{"a":"\xe9"}', b'"\\ud800"',
                     b"{}{}", b"\0", b"[" * deep, b"[" * deep + b"]" * deep,
                     b'{"loaded":' * 1000 + b"1" + b"}" * 1000, b'{"a":1e999999}'):
            for line in ("PUT /api/v2/modules/CheckHelpers", "PUT /api/v1/modules",
                         "PUT /api/v2/settings/settings/x", "POST /api/v2/logs",
                         "POST /api/v2/settings/command"):
                with self.subTest(f"{line} {body[:20]}"):
                    self.expect(line, 400, TEXT, "Problems parsing JSON", body=body)

    def test_two_hundred_thousand_headers_are_cut_off_with_431(self):
        with Wire(self.port) as wire:
            wire.send(b"GET / HTTP/1.1\r\n" + HOST)
            for _ in range(200):
                if not wire.send(b"X-Header: 1\r\n" * 1000):
                    break
            self.assertEqual(wire.answer().status, 431)
            self.assertEqual(wire.rest(), b"")

    def test_a_head_that_is_too_large_or_has_too_many_lines_is_431(self):
        for head in (b"X: " + b"a" * 40_000 + b"\r\n", b"X: 1\r\n" * 101):
            with Wire(self.port) as wire:
                wire.send(get(b"/api", head))
                self.assertEqual(wire.answer().status, 431)
                self.assertEqual(wire.rest(), b"")

    def test_a_body_past_the_limit_is_413_whichever_way_it_is_framed(self):
        start = b"PUT /api/v2/settings/settings/x HTTP/1.1\r\n" + HOST + AUTH
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        for framing, part, times in ((b"Content-Length: %d\r\n\r\n" % (2 * MIB), b"x" * 65536, 32),
                                     (b"Transfer-Encoding: chunked\r\n\r\n", chunk, 32),
                                     (b"Content-Length: 99999999999999999999\r\n\r\n", b"", 0)):
            with self.subTest(framing), Wire(self.port) as wire:
                wire.send(start + framing)
                for _ in range(times):
                    if not wire.send(part):
                        break
                answer = wire.answer()
                self.assertEqual((answer.status, answer.headers["connection"]), (413, ["close"]))
                self.assertEqual(wire.rest(), b"")

    def test_a_body_just_within_the_limit_is_read(self):
        value = json.dumps({"message": "x" * (MIB - 100)}).encode()
        for framing, body in ((b"Content-Length: %d" % len(value), value),
                              (b"Transfer-Encoding: chunked",
                               b"%x\r\n%s\r\n0\r\n\r\n" % (len(value), value))):
            answer = ask(self.port, b"POST /api/v2/logs HTTP/1.1\r\n" + HOST + AUTH + framing +
                         b"\r\n\r\n" + body)
            self.assertEqual(answer.status, 200)

    def test_a_request_behind_another_one_is_never_taken_for_a_second_one(self):
        hidden = b"GET /hidden HTTP/1.1\r\n" + HOST + b"\r\n"
        length = b"Content-Length: %d\r\n" % len(hidden)
        chunks = b"Transfer-Encoding: chunked\r\n"
        post, see = b"POST /api/v2/logs HTTP/1.1\r\n" + HOST, b"GET /api HTTP/1.1\r\n" + HOST
        for head in (post + length + chunks, post + chunks + length,
                     post + length + b"Content-Length: 0\r\n",
                     post + b"Content-Length: 0\r\n" + length,
                     post + b"Content-Length: +5\r\n", post + b"Content-Length: 0x5\r\n",
                     post + b"Content-Length: 5, 5\r\n", post + b"Content-Length:\r\n",
                     post + b"Transfer-Encoding : chunked\r\n", post + chunks + chunks,
                     post + b"X: a\r\n Transfer-Encoding: chunked\r\n",
                     post + b"X: a\nTransfer-Encoding: chunked\r\n",
                     see + length, see + chunks, post + HOST,
                     b"GET /a /b HTTP/1.1\r\n" + HOST, b"GET /\x00 HTTP/1.1\r\n" + HOST):
            with self.subTest(head), Wire(self.port) as wire:
                wire.send(head + b"\r\n" + hidden)
                answer = wire.answer()
                self.assertEqual((answer.status, answer.headers["connection"]), (400, ["close"]))
                self.assertEqual(wire.rest(), b"")

    def test_chunks_that_make_no_sense_are_400(self):
        start = (b"POST /api/v2/logs HTTP/1.1\r\n" + HOST + AUTH +
                 b"Transfer-Encoding: chunked\r\n\r\n")
        for chunks in (b"zz\r\n", b"-1\r\n", b"2\r\n{}x\r\n", b"fffffffffffffffff\r\n",
                       b"2" + b";" * 300 + b"\r\n"):
            with self.subTest(chunks), Wire(self.port) as wire:
                wire.send(start + chunks + b"0\r\n\r\n")
                self.assertIn(wire.answer().status, (400, 413))
                self.assertEqual(wire.rest(), b"")

    def test_what_is_no_http_is_told_so_and_closed(self):
        for data, status in ((b"\r\n\r\n\r\n\r\n", 400), (b"hello\r\n\r\n", 400),
                             (b"GET / HTTP/2.0\r\n\r\n", 505), (b"GET / FTP/1.1\r\n\r\n", 400),
                             (b"G\x01T / HTTP/1.1\r\n\r\n", 400)):
            with self.subTest(data), Wire(self.port) as wire:
                wire.send(data)
                self.assertEqual(wire.answer().status, status)
                self.assertEqual(wire.rest(), b"")

    def test_plain_http_on_the_tls_port_is_told_so(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
            answer = plain.recv(4096)
        self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), answer)
        self.assertIn(b"this port speaks HTTPS", answer)

    def test_a_poll_goes_on_beside_five_hundred_silent_connections(self):
        silent = 500
        with contextlib.ExitStack() as stack:
            polls = 0
            for i in range(silent):
                stack.enter_context(socket.create_connection(("127.0.0.1", self.port), timeout=10))
                if i % 50 == 49:
                    begin = time.monotonic()
                    self.assertEqual(self.agent.check("check_ok")[0], 0)
                    self.assertLess(time.monotonic() - begin, SLACK)
                    polls += 1
            self.assertEqual(polls, silent // 50)

    def test_a_request_that_drips_in_is_ended_with_408_and_holds_nobody_up(self):
        # The server's limit, gateway/README.md: the whole request within 10 s.
        limit = 10
        with Wire(self.port, timeout=limit + SLACK) as wire:
            stop = threading.Event()

            def drip():
                wire.send(get(b"/api")[:-2])
                while not stop.wait(0.2) and wire.send(b"X: 1\r\n"[:1]):
                    pass
            dripping = threading.Thread(target=drip)
            begin = time.monotonic()
            dripping.start()
            try:
                self.assertEqual(self.agent.check("check_ok")[0], 0)
                answer = wire.answer()
            finally:
                stop.set()
                dripping.join()
            self.assertEqual(answer.status, 408)
            self.assertGreater(time.monotonic() - begin, limit - 1)

    def test_hostile_command_names_are_unknown_commands_in_valid_json(self):
        for name in ("a" * 10_000, "%01%02%7f", "%1b[31mred", "%ff%fe", "caf%e9", "%c3", "%22",
                     "%27", "%5c", "%2e%2e%2fetc%2fpasswd", "%24(id)", "%60id%60", "a;b|c",
                     "%F0%9F%98%80", "%zz", "%", "%25s%25n", "__proto__", "check_ok%20",
                     "%20check_ok", "%09"):
            for path in (execute(name), execute(name) + "_nagios", f"/query/{name}"):
                with self.subTest(path[:60]):
                    answer = ask(self.port, get(path.encode()))
                    self.assertEqual(answer.status, 200, answer)
                    self.assertIn("Unknown command(s): ", json.dumps(document(answer)))

    def test_line_ends_and_zeros_in_a_path_are_refused(self):
        for name in ("%00", "check_ok%00", "a%0d%0aSet-Cookie:x", "%0a"):
            for path in (execute(name), f"/query/{name}", f"/api/v2/modules/{name}"):
                with self.subTest(path):
                    self.expect(f"GET {path}", 400, TEXT, "Invalid path")

    def test_text_from_a_client_cannot_forge_a_line_of_the_log(self):
        forged = "L core forged line"
        self.expect(f"GET /query/x%0a{urllib.parse.quote(forged)}", 400, TEXT, "Invalid path")
        self.json(f"GET /query/check_ok?a%0a{urllib.parse.quote(forged)}")
        entry = {"level": "error", "message": f"posted\n{forged}"}
        self.assertEqual(self.ask("POST /api/v2/logs", body=json.dumps(entry))[0], 200)
        self.agent.wait_log("posted")
        self.assertNotIn(forged, self.agent.console().splitlines())

    def test_arguments_are_bytes_and_the_answer_is_valid_utf_8(self):
        for raw, message in (("%e4", "\ufffd"), ("%ff%fex", "\ufffd\ufffdx"), ("%01", "\x01"),
                             ("%C3%A4", "ä"), ('"', '"'), ("%5C", "\\"), ("%0D%0A", "\r\n"),
                             ("%zz%4", "%zz%4"), ("a%3Db%26c", "a=b&c"),
                             ("x" * 10_000, "x" * 10_000)):
            with self.subTest(raw[:20]):
                target = execute("check_ok") + "?message=" + raw
                body = document(ask(self.port, get(target.encode())))
                self.assertEqual((body["result"], body["lines"][0]["message"]), (0, message))

    def test_a_check_may_answer_bytes_that_are_no_utf_8(self):
        for path in (execute("fake_bytes"), "/query/fake_bytes"):
            answer = ask(self.port, get(path.encode()))
            self.assertEqual(answer.status, 200)
            text = json.dumps(document(answer), ensure_ascii=False)
            self.assertIn("caf\ufffd \ufffd\ufffd", text)
        answer = ask(self.port, get(execute("fake_bytes").encode(), b"Accept: text/plain\r\n"))
        self.assertEqual(answer.body.decode(), "caf\ufffd \ufffd\ufffd\n")

    def test_an_answer_that_cannot_be_read_is_no_ok(self):
        manifest = {"program": os.path.join(TEST_PROGRAMS, "broken_worker"),
                    "arguments": ["Broken", "--break", "not-utf8"],
                    "queries": [{"name": "broken_echo"}]}
        with Agent(modules=("Broken",), manifests={"Broken": manifest}) as agent:
            agent.start()
            self.assertEqual(agent.check("broken_echo", "x=%C3%A4")[0], 3)
            result, message = agent.check("broken_echo", "x=%FF")
            self.assertEqual(result, 3)
            self.assertIn("can't be read", message)

    def test_hostile_names_of_modules_are_400(self):
        for name in ("%ff", "..%2f..%2fetc", "a%20b", "%C3%A4", "a" * 1000):
            for rest in ("", "/commands/load"):
                self.expect(f"GET /api/v2/modules/{name}{rest}", 400, TEXT, "Invalid module name")


if __name__ == "__main__":
    unittest.main()
