"""nscp-fetch: what the agent downloads with, against a real server and a real proxy."""
import hashlib
import os
import subprocess
import tempfile
import time
import unittest
import urllib.parse

from support.agent import BIN, free_port
from support.remote import LIMIT, Server, basic, make_certificate

SECRET = "s3cret"


class Fetch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.certificate, cls.key = make_certificate(cls.folder)
        cls.other, _ = make_certificate(cls.folder, name="other")
        cls.web = cls.enterClassContext(Server())
        cls.tls = cls.enterClassContext(Server(cls.certificate, cls.key))
        for server in (cls.web, cls.tls):
            server.pages["/x"] = b"hello"
        cls.file = os.path.join(cls.folder, "got")

    def setUp(self):
        for server in (self.web, self.tls):
            server.requests.clear()
        if os.path.exists(self.file):
            os.remove(self.file)

    def fetch(self, url, **fields):
        """(exit code, standard output, standard error); the file is as it was on a failure."""
        fields = {"url": url, "file": self.file, "timeout_ms": "10000", "max_bytes": "1000",
                  "ca": self.certificate, **fields}
        line = urllib.parse.urlencode(fields, quote_via=urllib.parse.quote)
        done = subprocess.run([os.path.join(BIN, "nscp-fetch")], input=line + "\n", text=True,
                              capture_output=True, timeout=LIMIT, check=False,
                              env={"PATH": os.environ["PATH"],
                                   **{k: v for k, v in os.environ.items() if "SAN_OPT" in k}})
        self.assertNotIn(SECRET, done.stdout + done.stderr)
        self.assertEqual(done.returncode != 0, not os.path.exists(self.file))
        self.assertEqual([n for n in os.listdir(self.folder) if n.endswith(".tmp")], [])
        return done.returncode, done.stdout, done.stderr

    def fails(self, text, url, **fields):
        code, out, error = self.fetch(url, **fields)
        self.assertEqual((code, out), (1, ""), error)
        self.assertIn(text, error)

    def gets(self, url, wanted=b"hello", **fields):
        code, out, error = self.fetch(url, **fields)
        self.assertEqual((code, error), (0, ""))
        self.assertEqual(out, hashlib.sha256(wanted).hexdigest() + "\n")
        with open(self.file, "rb") as f:
            self.assertEqual(f.read(), wanted)
        self.assertEqual(os.stat(self.file).st_mode & 0o777, 0o640)
        os.remove(self.file)

    def test_a_page_in_the_clear_and_in_tls(self):
        self.gets(self.web.url + "/x")
        self.gets(self.tls.url + "/x")
        self.gets(self.tls.url + "/x", tls="1.2")

    def test_the_body_in_chunks_and_until_the_end(self):
        def chunked(handler):
            handler.send_response(200)
            handler.send_header("Transfer-Encoding", "chunked")
            handler.end_headers()
            handler.wfile.write(b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")

        def until_end(handler):
            handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\nhello")
            handler.close_connection = True
        self.web.pages.update({"/chunked": chunked, "/end": until_end})
        self.gets(self.web.url + "/chunked")
        self.gets(self.web.url + "/end")

    def test_a_server_that_is_not_who_it_should_be(self):
        self.fails("is not believed", self.tls.url + "/x", ca=self.other)
        self.fails("hostname mismatch", f"https://localhost:{self.tls.port}/x")
        self.fails("trusted certificates", self.tls.url + "/x", ca="/no/such/file")
        self.fails("TLS version", self.tls.url + "/x", tls="1.0")
        self.assertEqual(self.tls.requests, [])
        self.gets(self.tls.url + "/x", ca=self.other, verify="0")

    def test_credentials_reach_their_own_host_alone(self):
        def to_other(handler):
            handler.answer(302, Location=f"http://localhost:{self.web.port}/x?{SECRET}")
        self.web.pages.update({"/away": to_other, f"/x?{SECRET}": b"hello"})
        self.web.pages["/here"] = lambda handler: handler.answer(302, Location="x")
        url = f"http://me:{SECRET}@127.0.0.1:{self.web.port}"
        self.gets(url + "/here")
        self.gets(url + "/away")
        sent = [(path, headers["Authorization"]) for path, headers in self.web.requests]
        mine = basic("me", SECRET)
        self.assertEqual(sent, [("/here", mine), ("/x", mine), ("/away", mine),
                                (f"/x?{SECRET}", None)])
        self.fails("status 404", self.web.url + f"/none?{SECRET}")

    def test_redirects_have_an_end_and_never_leave_tls(self):
        self.web.pages["/loop"] = lambda handler: handler.answer(302, Location="/loop")
        self.fails("more than 5 redirects", self.web.url + "/loop")
        self.assertEqual(len(self.web.requests), 6)
        self.tls.pages["/down"] = lambda handler: handler.answer(
            301, Location=self.web.url + f"/x?{SECRET}")
        self.fails("from https to http", self.tls.url + "/down")
        self.web.pages["/odd"] = lambda handler: handler.answer(302, Location="ftp://h/x")
        self.fails("begins neither", self.web.url + "/odd")

    def test_what_is_too_large_is_not_read_to_its_end(self):
        def endless(handler):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while not self.web.ending.is_set():
                handler.wfile.write(b"x" * 65536)

        def endless_head(handler):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not self.web.ending.is_set():
                handler.wfile.write(b"X: " + b"x" * 1000 + b"\r\n")

        def endless_line(handler):
            handler.wfile.write(b"HTTP/1.1 200 " + b"x" * 200000 + b"\r\n\r\n")
        self.web.pages.update({"/endless": endless, "/head": endless_head, "/line": endless_line,
                               "/1000": b"x" * 1000, "/1001": b"x" * 1001})
        self.gets(self.web.url + "/1000", b"x" * 1000)
        for path in ("/1001", "/endless"):
            self.fails("larger than 1000 bytes", self.web.url + path)
        for path in ("/head", "/line"):
            self.fails("head of the answer is too large", self.web.url + path)

    def test_one_limit_of_time_for_all(self):
        def drip(handler):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
            while not self.web.ending.wait(0.05):
                handler.wfile.write(b"x")

        def silent(handler):
            self.web.ending.wait(LIMIT)
        self.web.pages.update({"/drip": drip, "/silent": silent})
        for path in ("/drip", "/silent"):
            start = time.monotonic()
            self.fails("not within 0.5 s", self.web.url + path, timeout_ms="500")
            self.assertLess(time.monotonic() - start, 5)

    def test_an_answer_that_is_cut_off_or_none_at_all(self):
        def cut(handler):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
            handler.close_connection = True

        def noise(handler):
            handler.wfile.write(b"\0\1\2 noise\r\n\r\n")
            handler.close_connection = True
        self.web.pages.update({"/cut": cut, "/noise": noise})
        self.fails("not whole", self.web.url + "/cut")
        self.fails("no answer in HTTP", self.web.url + "/noise")
        self.fails("connecting to 127.0.0.1", f"http://127.0.0.1:{free_port()}/x")
        self.fails("TLS handshake", self.web.url.replace("http", "https") + "/x")

    def test_a_sum_that_does_not_fit(self):
        self.gets(self.web.url + "/x", sha256=hashlib.sha256(b"hello").hexdigest().upper())
        self.fails("has the SHA-256", self.web.url + "/x", sha256="0" * 64)

    def test_a_proxy_gets_its_own_password_alone(self):
        wanted = basic("p", SECRET)

        def guarded(handler, act):
            if handler.headers["Proxy-Authorization"] == wanted:
                return act()
            return handler.answer(407)
        with Server() as proxy:
            proxy.pages["CONNECT"] = lambda h: guarded(h, h.tunnel)
            proxy.pages[self.web.url + "/x"] = lambda h: guarded(h, h.forward)
            url = f"http://p:{SECRET}@127.0.0.1:{proxy.port}/"
            login = f"me:{SECRET}@"
            self.gets(self.web.url + "/x", proxy=url)
            self.gets(self.tls.url.replace("//", "//" + login) + "/x", proxy=url)
            self.assertEqual([path for path, _ in proxy.requests],
                             [self.web.url + "/x", f"127.0.0.1:{self.tls.port}"])
            self.assertIsNone(proxy.requests[1][1]["Authorization"])
            self.assertEqual(self.tls.requests[0][1]["Authorization"], basic("me", SECRET))
            self.assertIsNone(self.tls.requests[0][1]["Proxy-Authorization"])
            bad = f"http://p:wrong@127.0.0.1:{proxy.port}/"
            self.fails("status 407", self.web.url + "/x", proxy=bad)
            self.fails("the proxy refuses", self.tls.url + "/x", proxy=bad)
            proxy.requests.clear()
            self.gets(self.tls.url + "/x", proxy=bad, no_proxy="a,127.0.0.1")
            self.assertEqual(proxy.requests, [])
        self.fails("the proxy", self.web.url + "/x", proxy=f"http://127.0.0.1:{free_port()}/")
        self.fails("[proxy]", self.web.url + "/x", proxy="https://h/")

    def test_a_request_that_makes_no_sense(self):
        for line in ("", "url=%zz", "what=1", "url=http://h/&timeout_ms=0&max_bytes=1"):
            done = subprocess.run([os.path.join(BIN, "nscp-fetch")], input=line, text=True,
                                  capture_output=True, timeout=LIMIT, check=False)
            self.assertEqual(done.returncode, 2, line)
            self.assertIn("nscp-fetch", done.stderr)


if __name__ == "__main__":
    unittest.main()
