"""CheckNet against small servers of this test and, for what there is to compare with, against ss and ping."""
import json
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.parse

from support import servers
from support.agent import SLACK, Agent, sanitized
from support.servers import Tcp, Udp

OK, WARNING, CRITICAL, UNKNOWN = range(4)

FILTER_OPTIONS = set("""filter warning warn critical crit ok debug show-all empty-state perf-config escape-html
 list-separator top-syntax ok-syntax empty-syntax detail-syntax perf-syntax help help-pb help-short
 show-default""".split())
TCP = "host hosts port timeout send expect ssl tls-version verify ca address-family"
PAGE = "url timeout username password tls-version verify ca address-family"
OPTIONS = {
    "check_ping": "host hosts count timeout payload size ttl total address-family",
    "check_tcp": TCP + " service",
    "check_ssh": TCP,
    "check_dns": "host lookup type server port norecursion timeout expected-address expected address-family",
    "check_http": "url host port path protocol ssl timeout method post-data content-type username password"
                  " expected-body user-agent header onredirect max-redirs sni tls-version verify ca json-path"
                  " address-family",
    "check_ntp_offset": "server servers port timeout samples address-family",
    "check_connections": "",
    "check_apache_status": PAGE, "check_nginx_status": PAGE, "check_phpfpm_status": PAGE,
    "check_tomcat_status": PAGE,
}
WEB_ONLINE = ("url host port password user command argument timeout tls-version verify ca address-family"
              " help help-pb help-short show-default")
LIST = {"top-syntax": "${status}: ${problem_list}", "ok-syntax": "%(status): %(list)", "empty-state": "ignored"}
DEFAULTS = {
    "check_ping": {"warning": "time > 60 or loss > 5%", "critical": "time > 100 or loss > 10%",
                   "empty-state": "unknown", "count": "1", "timeout": "500", "size": "0", "ttl": "0",
                   "payload": "Hello from NSClient++.", "perf-syntax": "${host}", "empty-syntax": "No hosts found",
                   "top-syntax": "${status}: ${ok_count}/${count} (${problem_list})",
                   "ok-syntax": "%(status): All %(count) hosts are ok",
                   "detail-syntax": "${ip} Packet loss = ${loss}%, RTA = ${time}ms"},
    "check_tcp": {**LIST, "warning": "time > 1000", "critical": "time > 5000 or result != 'ok'", "timeout": "5000",
                  "tls-version": "tlsv1.2+", "verify": "none", "empty-syntax": "No hosts checked",
                  "detail-syntax": "${host}:${port} ${result} in ${time}ms", "perf-syntax": "${host}_${port}"},
    "check_ssh": {**LIST, "warning": "time > 1000", "critical": "time > 5000 or result != 'ok'", "port": "22",
                  "detail-syntax": "${host}:${port} ${result} in ${time}ms", "perf-syntax": "${host}_${port}"},
    "check_dns": {**LIST, "warning": "time > 1000", "critical": "result != 'ok'", "type": "A", "port": "53",
                  "timeout": "5000", "empty-syntax": "No DNS lookup performed", "perf-syntax": "${host}",
                  "detail-syntax": "${host} -> ${addresses} (${records}) in ${time}ms [${result}]"},
    "check_http": {**LIST, "warning": "time > 5000", "critical": "code < 200 or code >= 400 or result != 'ok'",
                   "timeout": "30000", "method": "GET", "path": "/", "protocol": "http", "max-redirs": "15",
                   "onredirect": "ok", "user-agent": "NSClient++", "verify": "peer", "empty-syntax": "No URL checked",
                   "detail-syntax": "${url} -> ${code} ${result} (${size}B in ${time}ms)", "perf-syntax": "${url}"},
    "check_ntp_offset": {**LIST, "warning": "offset > 50 or stratum >= 16", "port": "123", "samples": "1",
                         "critical": "offset > 100 or stratum >= 16 or result != 'ok'", "timeout": "5000",
                         "detail-syntax": "${server} offset=${offset_signed}ms stratum=${stratum}",
                         "empty-syntax": "No NTP server checked", "perf-syntax": "${server}"},
    "check_connections": {"filter": "protocol = 'total'", "warning": "total_connections > 1000",
                          "critical": "total_connections > 2000", "empty-state": "ignored",
                          "top-syntax": "${status}: ${list}", "detail-syntax": "${protocol}/${state}: ${connections}",
                          "perf-syntax": "${protocol}_${state}", "empty-syntax": "No connection data"},
    "check_apache_status": {"critical": "result != 'ok'", "empty-state": "unknown", "timeout": "30",
                            "perf-syntax": "${host}", "url": "http://127.0.0.1/server-status"},
    "check_nginx_status": {"critical": "result != 'ok'", "empty-state": "unknown", "perf-syntax": "${host}"},
    "check_phpfpm_status": {"warning": "listen_queue > 0", "critical": "result != 'ok'", "perf-syntax": "${pool}"},
    "check_tomcat_status": {"warning": "thread_usage > 75", "critical": "result != 'ok' or thread_usage > 90",
                            "perf-syntax": "${connector}"},
}


AGENT = []


def setUpModule():
    AGENT.append(unittest.enterModuleContext(Agent(modules=("CheckNet",))).start())
    AGENT.append(unittest.enterModuleContext(tempfile.TemporaryDirectory(prefix="nscp-test-", dir="/tmp")))


class NetCase(unittest.TestCase):
    """Against one agent, with one folder for certificates."""

    @classmethod
    def setUpClass(cls):
        cls.agent, cls.folder = AGENT

    def ask(self, command, *arguments):
        """(state, message, performance data as text)"""
        query = "&".join("=".join(map(urllib.parse.quote_plus, argument.split("=", 1))) for argument in arguments)
        status, body, _ = self.agent.get(f"/api/v1/queries/{command}/commands/execute_nagios?{query}", timeout=60)
        self.assertEqual(status, 200, body)
        answer = json.loads(body)
        line = answer["lines"][0]
        return ["OK", "WARNING", "CRITICAL", "UNKNOWN"].index(answer["result"]), line["message"], line["perf"]

    def look(self, wanted, command, *arguments):
        """State and message, milliseconds as 0."""
        state, message, _ = self.ask(command, *arguments)
        self.assertEqual((state, re.sub(r"\b\d+ms", "0ms", message)), wanted)

    def keywords(self, command, keywords, *arguments):
        """What the named keywords of a single row are."""
        names = keywords.split()
        syntax = "~".join("${" + name + "}" for name in names)
        _, message, _ = self.ask(command, "top-syntax=${list}", "warn=none", "crit=none", "detail-syntax=" + syntax,
                                 *arguments)
        return dict(zip(names, message.split("~")))

    def serve(self, server):
        return self.enterContext(server)


class Options(NetCase):
    def test_every_command_tells_its_options_and_defaults(self):
        for command, own in OPTIONS.items():
            with self.subTest(command):
                state, text, _ = self.ask(command, "help")
                self.assertEqual(state, OK)
                named = set(re.findall(r"^ {2}([a-z-]+)", text, re.MULTILINE))
                self.assertEqual(named, FILTER_OPTIONS | set(own.split()))
                state, text, _ = self.ask(command, "show-default")
                found = dict(re.findall(r'"([a-z-]+)=(.*?)" ', text + " ", re.DOTALL))
                wanted = DEFAULTS[command]
                self.assertEqual({key: found.get(key) for key in wanted}, wanted)
        text = self.ask("check_nsclient_web_online", "help")[1]
        self.assertEqual(set(re.findall(r"^ {2}([a-z-]+)", text, re.MULTILINE)), set(WEB_ONLINE.split()))

    def test_what_is_wrong_is_told(self):
        for command, argument, text in (
                ("check_ping", "count=0", "Invalid count: 0 (expected 1-1000)"),
                ("check_ping", "size=70000", "Invalid size: 70000 (expected 0-65507)"),
                ("check_ping", "ttl=256", "Invalid ttl: 256 (expected 0-255)"),
                ("check_tcp", "port=0", "Invalid port: 0 (expected 1-65535)"),
                ("check_tcp", "timeout=0", "Invalid timeout: 0 (expected 1-600000)"),
                ("check_dns", "type=ANY", "Invalid record type: 'ANY' (expected A, AAAA, MX, TXT, CNAME, NS, SOA or PTR)"),
                ("check_dns", "address-family=ipx", "Invalid address family: 'ipx' (expected any, ipv4 or ipv6)"),
                ("check_ntp_offset", "samples=101", "Invalid samples: 101 (expected 1-100)")):
            name = "server" if command == "check_ntp_offset" else "host"
            self.assertEqual(self.ask(command, name + "=127.0.0.1", argument), (UNKNOWN, text, ""))
        for option in ("timeout=1x", "port=1x"):
            state, text, _ = self.ask("check_tcp", "host=127.0.0.1", option)
            name = option.split("=")[0]
            self.assertTrue(text.startswith(
                f"Invalid command line: the argument ('1x') for option '--{name}' is invalid\n"), text)
            self.assertEqual(state, UNKNOWN)

    def test_hostile_names_have_an_answer(self):
        for host in ("a" * 5000, "a..b", ".", "-", "[::1]", "::1%", "a\nb", "a b", "ä.example", "%s%n", "127.0.0.1:80",
                     "1" * 63 + "." + "2" * 63, "\x01"):
            for command in ("check_tcp", "check_ping", "check_dns", "check_ntp_offset"):
                name = "server" if command == "check_ntp_offset" else "host"
                state, _, _ = self.ask(command, f"{name}={host}", "port=9" if command != "check_ping" else "count=1",
                                       "timeout=300")
                self.assertIn(state, (CRITICAL, UNKNOWN), (command, host))


class TcpAndSsh(NetCase):
    def test_a_port_that_is_open_closed_or_silent(self):
        server = self.serve(Tcp(servers.says(b"220 hello\r\n")))
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        self.look((OK, f"OK: 127.0.0.1:{server.port} ok in 0ms"), "check_tcp", "host=127.0.0.1", f"port={server.port}")
        state, message, perf = self.ask("check_tcp", "host=127.0.0.1", f"port={port}")
        self.assertEqual((state, re.sub(r"\d+ms", "0ms", message)),
                         (CRITICAL, f"CRITICAL: 127.0.0.1:{port} refused in 0ms"))
        self.assertRegex(perf, rf"^'127\.0\.0\.1_{port}'=\d+ms;1000;5000$")
        self.look((CRITICAL, f"CRITICAL: nosuch.invalid:{port} resolve_failed in 0ms"),
                  "check_tcp", "host=nosuch.invalid", f"port={port}")

    def test_what_is_said_is_compared(self):
        echo = self.serve(Tcp(lambda _, c: c.sendall(b"<" + c.recv(100) + b">")))
        place = ("host=127.0.0.1", f"port={echo.port}")
        found = self.keywords("check_tcp", "result response connected has_certificate ssl_expiry_days port", *place,
                              r"send=hi\r\n", "expect=<hi")
        self.assertEqual(found, {"result": "ok", "response": "<hi\r\n>", "connected": "1", "has_certificate": "0",
                                 "ssl_expiry_days": "no certificate", "port": str(echo.port)})
        self.look((CRITICAL, f"CRITICAL: 127.0.0.1:{echo.port} no_match in 0ms"), "check_tcp", *place, "send=x",
                  "expect=y")
        for service, greeting in (("ftp", b"220 x"), ("pop", b"+OK"), ("imap", b"* OK"), ("ssh", b"SSH-2.0-x")):
            server = self.serve(Tcp(servers.says(greeting)))
            self.assertEqual(self.ask("check_tcp", "host=127.0.0.1", f"port={server.port}", "service=" + service)[0], OK)
            self.assertEqual(self.ask("check_tcp", *place, "service=" + service, "send=x")[0], CRITICAL)

    def test_servers_that_misbehave_cost_no_more_than_their_time(self):
        start = time.monotonic()
        for handler, result in ((servers.hangs, "timeout"), (servers.closes, "no_match"),
                                (servers.drips(b"x"), "no_match"), (servers.says(b"\0\xff" * 90000), "no_match")):
            server = self.serve(Tcp(handler))
            found = self.keywords("check_tcp", "result time", "host=127.0.0.1", f"port={server.port}", "expect=hello",
                                  "timeout=300")
            self.assertEqual(found["result"], result)
            self.assertLess(int(found["time"]), 300 + 1000 * SLACK)
        self.assertLess(time.monotonic() - start, 4 * (0.3 + SLACK))

    def test_many_hosts_are_asked_at_the_same_time(self):
        server = self.serve(Tcp(servers.hangs))
        start = time.monotonic()
        state, message, perf = self.ask("check_tcp", "hosts=" + ",".join(["127.0.0.1"] * 30), f"port={server.port}",
                                        "expect=x", "timeout=1000", "top-syntax=${count} ${crit_count}")
        self.assertEqual((state, message), (CRITICAL, "30 30"))
        self.assertEqual(len(perf.split(" ")), 30)
        self.assertLess(time.monotonic() - start, 1 + SLACK)

    def test_tls_and_how_long_its_certificate_is_good_for(self):
        context, ca = servers.certificate(self.folder, days=10)
        server = self.serve(Tcp(servers.says(b"220 inside\r\n"), context))
        place = ("host=localhost", f"port={server.port}", "ssl", "address-family=ipv4")
        found = self.keywords("check_tcp", "result has_certificate ssl_expiry_days", *place, "expect=220")
        self.assertEqual(found["result"], "ok")
        self.assertEqual(found["has_certificate"], "1")
        self.assertIn(int(found["ssl_expiry_days"]), (9, 10))
        state, _, perf = self.ask("check_tcp", *place, "warn=ssl_expiry_days < 30", "crit=ssl_expiry_days < 5")
        self.assertEqual(state, WARNING)
        self.assertRegex(perf, r"ssl_expiry_days'=(9|10);30;5")
        self.assertEqual(self.ask("check_tcp", *place, "verify=peer", "ca=" + ca)[0], OK)
        _, message, _ = self.ask("check_tcp", *place, "verify=peer")
        self.assertIn("error: the certificate of localhost is not believed: self-signed certificate", message)
        _, message, _ = self.ask("check_tcp", "host=127.0.0.1", *place[1:], "verify=peer", "ca=" + ca)
        self.assertIn("IP address mismatch", message)
        _, message, _ = self.ask("check_tcp", *place, "verify=peer", "ca=/nonexistent.pem")
        self.assertIn("reading the trusted certificates in /nonexistent.pem", message)
        _, message, _ = self.ask("check_tcp", *place, "tls-version=tlsv9")
        self.assertIn('the TLS version "tlsv9" is not spoken', message)
        plain = self.serve(Tcp(servers.says(b"220 not inside\r\n")))
        self.assertIn("error: the TLS handshake", self.ask("check_tcp", "host=127.0.0.1", f"port={plain.port}",
                                                           "ssl")[1])

    def test_ssh_servers(self):
        line = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"
        server = self.serve(Tcp(servers.says(b"hello\r\n" + line)))
        place = ("host=127.0.0.1", f"port={server.port}")
        self.look((OK, f"OK: 127.0.0.1:{server.port} ok in 0ms"), "check_ssh", *place)
        self.assertEqual(
            self.keywords("check_ssh", "banner protocol protocol_major protocol_minor version software"
                          " software_version comments result connected", *place),
            {"banner": line.decode().strip(), "protocol": "2.0", "protocol_major": "2", "protocol_minor": "0",
             "version": "OpenSSH_9.2p1", "software": "OpenSSH", "software_version": "9.2p1",
             "comments": "Debian-2+deb12u3", "result": "ok", "connected": "1"})
        self.assertEqual(self.ask("check_ssh", *place, "crit=protocol_major < 3")[0], CRITICAL)
        self.assertEqual(self.ask("check_ssh", *place, "expect=dropbear")[0], CRITICAL)
        for handler, result in ((servers.says(b"220 ftp\r\n"), "no_match"), (servers.closes, "no_match"),
                                (servers.says(b"SSH-garbage\n"), "no_match"), (servers.hangs, "timeout"),
                                (servers.says(b"\xff\0" * 70000), "no_match"), (servers.drips(b"a\n"), "no_match")):
            server = self.serve(Tcp(handler))
            found = self.keywords("check_ssh", "result", "host=127.0.0.1", f"port={server.port}", "timeout=300")
            self.assertEqual(found["result"], result)


class Dns(NetCase):
    ZONE = {("a.test", "A"): ["192.0.2.1", "192.0.2.2"], ("a.test", "AAAA"): ["2001:db8::1"],
            ("a.test", "MX"): ["10 mail.test", "20 other.test"], ("a.test", "TXT"): ["v=spf1 -all"],
            ("www.a.test", "CNAME"): ["a.test"], ("a.test", "NS"): ["ns.test"],
            ("a.test", "SOA"): ["ns.test root.test 1 2 3 4 5"],
            ("7.2.0.192.in-addr.arpa", "PTR"): ["a.test"]}

    def setUp(self):
        self.server = self.serve(Udp(servers.dns(self.ZONE)))

    def at(self, *arguments, server=None):
        return ("server=127.0.0.1", f"port={(server or self.server).port}", *arguments)

    def test_records_of_each_type(self):
        for kind, name, wanted in (("A", "a.test", "192.0.2.1,192.0.2.2"), ("AAAA", "a.test", "2001:db8::1"),
                                   ("MX", "a.test", "10 mail.test,20 other.test"), ("TXT", "a.test", "v=spf1 -all"),
                                   ("CNAME", "www.a.test", "a.test"), ("NS", "a.test", "ns.test"),
                                   ("SOA", "a.test", "ns.test root.test 1 2 3 4 5"),
                                   ("PTR", "7.2.0.192.in-addr.arpa", "a.test"), ("PTR", "192.0.2.7", "a.test")):
            self.assertEqual(
                self.keywords("check_dns", "host addresses records count type server result", f"lookup={name}",
                              "type=" + kind.lower(), *self.at()),
                {"host": name, "addresses": wanted, "records": str(wanted.count(",") + 1), "type": kind,
                 "count": str(wanted.count(",") + 1), "server": "127.0.0.1", "result": "ok"})
        state, message, perf = self.ask("check_dns", "host=a.test", *self.at())
        self.assertEqual(state, OK)
        self.assertRegex(message, r"^OK: a\.test -> 192\.0\.2\.1,192\.0\.2\.2 \(2\) in \d+ms \[ok\]$")
        self.assertRegex(perf, r"^'a\.test_time'=\d+;1000;0$")

    def test_what_is_expected(self):
        for kind, options, result in (("A", ("expected-address=192.0.2.2",), "ok"),
                                      ("A", ("expected=192.0.2.1, 192.0.2.2",), "ok"),
                                      ("A", ("expected-address=192.0.2.1", "expected-address=192.0.2.9"), "mismatch"),
                                      ("MX", ("expected=MAIL.test.",), "ok"), ("MX", ("expected=10 mail.test",), "ok"),
                                      ("MX", ("expected=test",), "mismatch")):
            found = self.keywords("check_dns", "result", "host=a.test", f"type={kind}", *self.at(*options))
            self.assertEqual(found["result"], result, options)

    def test_the_look_up_of_the_system(self):
        wanted = socket.getaddrinfo("localhost", None, socket.AF_INET, socket.SOCK_STREAM)[0][4][0]
        self.look((OK, f"OK: localhost -> {wanted} (1) in 0ms [ok]"), "check_dns", "lookup=localhost")
        self.assertEqual(self.keywords("check_dns", "result", "lookup=nosuch.invalid")["result"], "not_found")

    def test_recursion_is_asked_for_unless_told_otherwise(self):
        self.ask("check_dns", "host=a.test", *self.at())
        self.ask("check_dns", "host=a.test", "norecursion", *self.at())
        self.assertEqual([query[2] & 1 for query in self.server.seen], [1, 0])

    def test_servers_that_fail_lie_or_are_silent(self):
        def reply(make):
            return Udp(servers.dns({("a.test", "A"): make}))

        def head(query, answers=1, flags=0x8180):
            return query[:2] + flags.to_bytes(2, "big") + bytes([0, 1, 0, answers, 0, 0, 0, 0]) + query[12:]
        for server, results in (
                (Udp(servers.dns({}, code=0)), ("not_found",)),
                (Udp(servers.dns(self.ZONE, code=5)), ("refused",)),
                (Udp(servers.dns(self.ZONE, code=2)), ("error: the name server failed (SERVFAIL)",)),
                (Udp(lambda *_: []), ("timeout",)),
                (Udp(lambda _, q: [b"", b"x", b"\xff" * 600]), ("timeout",)),
                (Udp(lambda _, q: [bytes([q[0] ^ 1]) + servers.dns(self.ZONE)(None, q)[0][1:]]), ("timeout",)),
                # A name that points at itself; a record that says it is longer than it is; none where one is told.
                (reply(lambda q: head(q) + b"\xc0" + bytes([len(q)]) + b"\0\1\0\1\0\0\0\1\0\4abcd"), None),
                (reply(lambda q: head(q) + b"\xc0\x0c\0\1\0\1\0\0\0\1\xff\xffabcd"), None),
                (reply(lambda q: head(q)), None),
                (reply(lambda q: head(q) + b"\xc0\x0c\0\1\0\1\0\0\0\1\0\3abc"), None)):
            with server:
                found = self.keywords("check_dns", "result", "host=a.test", "timeout=400", *self.at(server=server))
            if results is None:
                self.assertIn("error: the answer of the name server is damaged", found["result"])
            else:
                self.assertIn(found["result"], results)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
        found = self.keywords("check_dns", "result", "host=a.test", "timeout=400", "server=127.0.0.1", f"port={port}")
        self.assertNotEqual(found["result"], "ok")


class Http(NetCase):
    def web(self, pages, context=None):
        return self.serve(Tcp(servers.web(pages), context))

    def url(self, server, path="/", scheme="http"):
        return f"url={scheme}://localhost:{server.port}{path}"

    def test_an_answer_and_its_figures(self):
        server = self.web({"/a?b=c": ("200 Fine", {}, b"hello world")})
        url = f"http://127.0.0.1:{server.port}/a?b=c"
        state, message, perf = self.ask("check_http", f"url={url}")
        self.assertEqual((state, re.sub(r"\d+ms", "0ms", message)), (OK, f"OK: {url} -> 200 ok (11B in 0ms)"))
        self.assertRegex(perf, "^" + re.escape(f"'{url}_code'=200;0;200 '{url}_size'=11B;0;0 '{url}'=") +
                         r"\d+ms;5000;0$")
        self.assertEqual(
            self.keywords("check_http", "host port path protocol code size status_message body result"
                          " ssl_expiry_days", f"url={url}"),
            {"host": "127.0.0.1", "port": str(server.port), "path": "/a?b=c", "protocol": "http", "code": "200",
             "size": "11", "status_message": "Fine", "body": "hello world", "result": "ok",
             "ssl_expiry_days": "no certificate"})
        self.assertEqual(self.ask("check_http", "host=127.0.0.1", f"port={server.port}", "path=a?b=c")[0], OK)
        self.assertEqual(self.ask("check_http", f"url={url}", "crit=size > 10")[0], CRITICAL)
        self.assertEqual(self.ask("check_http", f"url={url}", "crit=size > 1k")[0], OK)

    def test_statuses_and_bodies_that_are_not_right(self):
        server = self.web({"/ok": ("200 OK", {}, b"hello"), "/500": ("500 Broken", {}, b"sorry")})
        for path, options, wanted in (("/500", (), "500 http_500 (5B"), ("/none", (), "404 http_404 (4B"),
                                      ("/ok", ("expected-body=bye",), "200 no_match (5B"),
                                      ("/ok", ("json-path=x:a",), "200 error: the answer is no JSON")):
            state, message, _ = self.ask("check_http", self.url(server, path), *options)
            self.assertEqual(state, CRITICAL)
            self.assertIn(" -> " + wanted, message)
        self.assertEqual(self.ask("check_http", self.url(server, "/ok"), "expected-body=ell")[0], OK)

    def test_what_is_sent(self):
        server = self.web({"/": ("200 OK", {}, b"")})
        self.ask("check_http", self.url(server), "header=X-One: 1", "header=X-Two:2", "username=me", "password=pw",
                 "post-data=a=b", "content-type=text/x", "user-agent=me/1")
        head, body = server.seen[-1]
        self.assertTrue(head.startswith("POST / HTTP/1.1\r\n"), head)
        for line in ("X-One: 1", "X-Two: 2", "Authorization: Basic bWU6cHc=", "Content-Type: text/x",
                     "User-Agent: me/1", f"Host: localhost:{server.port}", "Content-Length: 3"):
            self.assertIn(f"\r\n{line.lower()}\r\n", head.lower() + "\r\n")
        self.assertEqual(body, b"a=b")
        self.ask("check_http", self.url(server), "method=head", "header=Host: other.example")
        head, _ = server.seen[-1]
        self.assertTrue(head.startswith("HEAD / HTTP/1.1\r\n"), head)
        self.assertIn("Host: other.example", head)
        self.assertIn("User-Agent: NSClient++", head)
        self.assertNotIn("Content-Type", head)

    def test_passwords_stay_with_their_server_and_out_of_texts(self):
        there = self.web({"/": ("200 OK", {}, b"")})
        here = self.web({"/": ("302 Found", {"Location": f"http://127.0.0.1:{there.port}/"}, b"")})
        _, message, perf = self.ask("check_http", f"url=http://me:secret@localhost:{here.port}/", "onredirect=follow",
                                    "header=X-Key: secret", "show-all")
        self.assertIn(f"http://localhost:{here.port}/ -> 200 ok", message)
        self.assertNotIn("secret", message + perf)
        self.assertIn("Authorization: Basic", here.seen[-1][0])
        self.assertNotIn("Authorization", there.seen[-1][0])
        self.assertNotIn("secret", there.seen[-1][0])
        self.assertNotIn("secret", self.agent.console())

    def test_redirects(self):
        server = self.web({"/a": ("301 Moved", {"Location": "/b"}, b"x"), "/b": ("302 Found", {"Location": "c"}, b""),
                           "/c": ("200 OK", {}, b"there"), "/loop": ("302 Found", {"Location": "/loop"}, b""),
                           "/bad": ("302 Found", {"Location": "gopher://x/"}, b"")})
        self.assertIn("/a -> 301 ok (1B", self.ask("check_http", self.url(server, "/a"))[1])
        self.assertIn("/a -> 200 ok (5B", self.ask("check_http", self.url(server, "/a"), "onredirect=follow")[1])
        self.ask("check_http", self.url(server, "/a"), "onredirect=follow", "post-data=x")
        self.assertTrue(server.seen[-1][0].startswith("GET /c"))
        for path, error in (("/loop", "error: more than 3 redirects"), ("/bad", "error: a redirect: ")):
            state, message, _ = self.ask("check_http", self.url(server, path), "onredirect=follow", "max-redirs=3")
            self.assertEqual(state, CRITICAL)
            self.assertIn(error, message)

    def test_values_in_json(self):
        body = json.dumps({"queue": {"length": 17}, "state": "green", "list": [{"x": 1.5}], "on": True}).encode()
        server = self.web({"/": ("200 OK", {}, body)})
        options = (self.url(server), "json-path=length:queue.length", "json-path=state:state", "json-path=x:list.0.x",
                   "json-path=on:on", "json-path=none:a.b")
        self.assertEqual(self.keywords("check_http", "length state x on none", *options),
                         {"length": "17", "state": "green", "x": "1.5", "on": "true", "none": "unknown"})
        state, _, perf = self.ask("check_http", *options, "warn=length > 10", "crit=state != 'green' or on = 0")
        self.assertEqual(state, WARNING)
        self.assertIn("_length'=17;10;0", perf)
        self.assertEqual(self.ask("check_http", *options, "crit=state = 'green'")[0], CRITICAL)
        self.assertEqual(self.ask("check_http", *options, "crit=none = 0")[0], OK)

    def test_tls(self):
        context, ca = servers.certificate(self.folder, days=20)
        server = self.web({"/": ("200 OK", {}, b"inside")}, context)
        url = self.url(server, scheme="https")
        found = self.keywords("check_http", "result ssl_expiry_days protocol", url, "ca=" + ca)
        self.assertIn(int(found.pop("ssl_expiry_days")), (19, 20))
        self.assertEqual(found, {"result": "ok", "protocol": "https"})
        self.assertIn("not believed: self-signed certificate", self.ask("check_http", url)[1])
        self.assertEqual(self.ask("check_http", url, "verify=none")[0], OK)
        by_address = f"url=https://127.0.0.1:{server.port}/"
        self.assertIn("IP address mismatch", self.ask("check_http", by_address, "ca=" + ca)[1])
        self.assertEqual(self.ask("check_http", by_address, "ca=" + ca, "sni=localhost")[0], OK)
        self.assertIn("hostname mismatch", self.ask("check_http", url, "ca=" + ca, "sni=other")[1])
        expired, other = servers.certificate(self.folder, days=-1)
        server = self.web({"/": ("200 OK", {}, b"")}, expired)
        url = self.url(server, scheme="https")
        self.assertIn("certificate has expired", self.ask("check_http", url, "ca=" + other)[1])
        self.assertLess(int(self.keywords("check_http", "ssl_expiry_days", url, "verify=none")["ssl_expiry_days"]), 0)

    def test_servers_that_misbehave(self):
        chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        for handler, wanted in (
                (servers.hangs, " -> 0 timeout (0B"),
                (servers.closes, " -> 0 error: there is no answer in HTTP"),
                (servers.says(b"SSH-2.0-x\r\n\r\n"), " -> 0 "),
                (servers.drips(b"HTTP/1.1 200 OK\r\nX: y\r\n"), " -> 0 timeout"),
                (servers.says(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20000), " -> 0 error: the head of the answer"),
                (servers.web({"/": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"}),
                 " -> 0 error: the answer is not whole"),
                (servers.web({"/": chunked + b"5\r\nhel"}), " -> 0 error: the answer is not whole"),
                (servers.web({"/": chunked + b"zz\r\nhello\r\n"}), " -> 0 "),
                (servers.web({"/": chunked + b"3\r\nab\xff\r\n0\r\n\r\n"}), " -> 200 ok (3B")):
            server = self.serve(Tcp(handler))
            start = time.monotonic()
            _, message, _ = self.ask("check_http", self.url(server), "timeout=400", "show-all")
            self.assertIn(wanted, message)
            self.assertLess(time.monotonic() - start, 0.4 + SLACK)
        self.look((CRITICAL, "CRITICAL: gopher://x/ -> 0 invalid_url (0B in 0ms)"), "check_http", "url=gopher://x/")
        self.look((CRITICAL, "CRITICAL: http://127.0.0.1:1/ -> 0 error: Failed to connect to 127.0.0.1:1: Connection "
                   "refused (0B in 0ms)"), "check_http", "url=http://127.0.0.1:1/")

    def test_the_deadline_of_the_call_is_kept(self):
        server = self.serve(Tcp(servers.hangs))
        urls = [f"url=http://127.0.0.1:{server.port}/{i}" for i in range(40)]
        query = "&".join(urllib.parse.quote(u, safe="=") for u in urls) + "&perf-syntax=none"
        start = time.monotonic()
        headers = {"X-Nsc-Web-Timeout": "2", "Authorization": self.agent.basic()}
        status, body, _ = self.agent.get("/api/v1/queries/check_http/commands/execute_nagios?" + query,
                                         headers=headers, credentials=None)
        self.assertEqual(status, 200)
        self.assertLess(time.monotonic() - start, 2 + SLACK)
        if not sanitized(self.agent.pid_of("CheckNet")):  # such a build comes too late with its words
            self.assertEqual(json.loads(body)["lines"][0]["message"].count("-> 0 timeout"), 40)


class Pages(NetCase):
    def test_apache(self):
        page = (b"Total Accesses: 131\nTotal kBytes: 184\nUptime: 3661\nReqPerSec: .5\nBytesPerSec: 51.5\n"
                b"BusyWorkers: 1\nIdleWorkers: 49\nScoreboard: W___\n")
        server = self.serve(Tcp(servers.web({"/s?auto": ("200 OK", {}, page)})))
        url = f"url=http://127.0.0.1:{server.port}/s"
        self.assertEqual(self.ask("check_apache_status", url),
                         (OK, "OK: ok: 1 busy and 49 idle workers, 0.5 req/s, uptime 3661s",
                          "'127.0.0.1_busy_workers'=1;0;0 '127.0.0.1_idle_workers'=49;0;0 "
                          "'127.0.0.1_requests_per_sec'=0.5;0;0"))
        state, _, perf = self.ask("check_apache_status", url, "warn=total_accesses > 100 or total_workers > 99",
                                  "perf-config=extra(uptime;total_kbytes;bytes_per_sec)")
        self.assertEqual(state, WARNING)
        for value in ("total_accesses'=131c;100;0", "total_workers'=50;99;0", "uptime'=3661s;0;0",
                      "total_kbytes'=184KB;0;0", "bytes_per_sec'=51.5B;0;0", "busy_workers'=1;0;0"):
            self.assertIn(value, perf)
        self.assertEqual(self.keywords("check_apache_status", "scoreboard code port host result", url),
                         {"scoreboard": "W___", "code": "200", "port": str(server.port), "host": "127.0.0.1",
                          "result": "ok"})

    def test_nginx(self):
        page = (b"Active connections: 291 \nserver accepts handled requests\n 18 16 31 \n"
                b"Reading: 6 Writing: 179 Waiting: 106 \n")
        server = self.serve(Tcp(servers.web({"/": ("200 OK", {}, page)})))
        url = f"url=http://127.0.0.1:{server.port}/"
        self.assertEqual(self.ask("check_nginx_status", url),
                         (OK, "OK: ok: 291 active (6 reading, 179 writing, 106 waiting)",
                          "'127.0.0.1_active'=291;0;0"))
        perf = self.ask("check_nginx_status", url, "warn=dropped > 1", "perf-config=extra(accepts;handled;requests)")[2]
        for value in ("accepts'=18c", "handled'=16c", "requests'=31c", "dropped'=2c;1;0", "active'=291;0;0"):
            self.assertIn(value, perf)

    def test_php_fpm(self):
        page = (b"pool:                 www\nprocess manager:      dynamic\naccepted conn:        19\n"
                b"listen queue:         3\nidle processes:       4\nactive processes:     11\n"
                b"max children reached: 2\nslow requests:        5\n")
        server = self.serve(Tcp(servers.web({"/status": ("200 OK", {}, page)})))
        url = f"url=http://127.0.0.1:{server.port}/status"
        state, message, perf = self.ask("check_phpfpm_status", url)
        self.assertEqual((state, message), (WARNING, "WARNING: ok: pool www: 11 active, 4 idle, 3 queued"))
        self.assertIn("'www_listen_queue'=3;0;0", perf)
        self.assertEqual(self.keywords("check_phpfpm_status", "pool process_manager slow_requests max_children_reached"
                                       " accepted_conn", url),
                         {"pool": "www", "process_manager": "dynamic", "slow_requests": "5",
                          "max_children_reached": "2", "accepted_conn": "19"})

    def test_tomcat(self):
        page = (b"<?xml version='1.0'?><status><jvm><memory free='1' total='2' max='3'/></jvm>"
                b"<connector name='\"http-nio-8080\"'><threadInfo maxThreads=\"200\" currentThreadsBusy=\"180\"/>"
                b"<requestInfo maxTime=\"7\" errorCount=\"2\"/></connector></status>")
        server = self.serve(Tcp(servers.web({"/m?XML=true": ("200 OK", {}, page)})))
        url = f"url=http://127.0.0.1:{server.port}/m"
        state, message, perf = self.ask("check_tomcat_status", url, "username=me", "password=pw")
        self.assertEqual((state, message), (WARNING, "WARNING: http-nio-8080 ok: 180/200 threads busy"))
        self.assertEqual(perf, "'http-nio-8080_thread_usage'=90%;75;90 'http-nio-8080_threads_busy'=180;0;0")
        self.assertIn("Authorization: Basic bWU6cHc=", server.seen[0][0])
        self.assertEqual(self.keywords("check_tomcat_status", "memory_max max_time error_count", url),
                         {"memory_max": "3", "max_time": "7", "error_count": "2"})

    def test_pages_that_are_others(self):
        server = self.serve(Tcp(servers.web({"/html": ("200 OK", {}, b"<html>\0\xff")})))
        for command in ("check_apache_status", "check_nginx_status", "check_phpfpm_status", "check_tomcat_status"):
            for path, result in (("/html", "parse_error"), ("/none", "http_404")):
                # What is asked for may have got a parameter.
                url = f"url=http://127.0.0.1:{server.port}{path}"
                pages = {"/html": ("200 OK", {}, b"<html>\0\xff")}
                pages["/html?auto"] = pages["/html?XML=true"] = pages["/html"]
                server.handler = servers.web(pages)
                state, message, _ = self.ask(command, url)
                self.assertEqual(state, CRITICAL)
                self.assertIn(result, message)
            self.assertEqual(self.keywords(command, "result", "url=http://127.0.0.1:1/")["result"], "refused")
            self.assertEqual(self.keywords(command, "result", "url=bad")["result"], "invalid_url")


class Clocks(NetCase):
    def test_offsets_both_ways(self):
        for ahead in (-0.5, 0.03, 7200.0):
            server = self.serve(Udp(servers.ntp(ahead)))
            found = self.keywords("check_ntp_offset", "offset offset_signed stratum result samples jitter root_delay"
                                  " root_dispersion port", "server=127.0.0.1", f"port={server.port}")
            self.assertAlmostEqual(int(found["offset_signed"]), -1000 * ahead, delta=25)
            self.assertEqual(int(found["offset"]), abs(int(found["offset_signed"])))
            self.assertEqual((found["stratum"], found["result"], found["samples"], found["jitter"]),
                             ("2", "ok", "1", "unknown"))
            self.assertEqual((found["root_delay"], found["root_dispersion"]), ("500", "250"))
        state, message, perf = self.ask("check_ntp_offset", "servers=127.0.0.1", f"port={server.port}")
        self.assertEqual(state, CRITICAL)
        self.assertRegex(message, r"^CRITICAL: 127\.0\.0\.1 offset=-72000\d\dms stratum=2|7199")
        self.assertRegex(perf, r"^'127\.0\.0\.1_offset'=\d+ms;50;100 '127\.0\.0\.1_stratum'=2;16;16$")

    def test_samples(self):
        server = self.serve(Udp(servers.ntp()))
        found = self.keywords("check_ntp_offset", "samples jitter result", "server=127.0.0.1", f"port={server.port}",
                              "samples=4")
        self.assertEqual((found["samples"], found["result"], len(server.seen)), ("4", "ok", 4))
        self.assertGreaterEqual(float(found["jitter"]), 0)

    def test_servers_that_are_not_to_be_trusted(self):
        for handler, result in ((servers.ntp(stratum=0), "kiss_of_death"), (servers.ntp(stratum=16), "unsynchronized"),
                                (servers.ntp(first=0xE4), "unsynchronized"), (lambda *_: [b"short"], "short_response"),
                                (lambda *_: [], "timeout"), (lambda _, request: [request], "timeout"),
                                (lambda *_: [b"\xff" * 4000], "timeout")):
            server = self.serve(Udp(handler))
            found = self.keywords("check_ntp_offset", "result", "server=127.0.0.1", f"port={server.port}",
                                  "timeout=300")
            self.assertEqual(found["result"], result)
        # The answer to another question, sent in front of the right one, is passed over.
        forger = self.serve(Udp(lambda s, q: servers.ntp(99)(s, bytes(48)) + servers.ntp()(s, q)))
        found = self.keywords("check_ntp_offset", "result offset", "server=127.0.0.1", f"port={forger.port}")
        self.assertEqual(found["result"], "ok")
        self.assertLess(int(found["offset"]), 50)


def default_ttl():
    with open("/proc/sys/net/ipv4/ip_default_ttl", encoding="ascii") as f:
        return f.read().strip()


class Here(NetCase):
    """What the machine itself is asked."""

    def test_pings(self):
        state, message, perf = self.ask("check_ping", "host=127.0.0.1", "count=3")
        if "is not allowed" in message:
            self.assertIn("ping_group_range", message)
            self.assertIn("CAP_NET_RAW", message)
            self.skipTest("this account may not ping")
        self.assertEqual((state, message), (OK, "OK: All 1 hosts are ok"))
        self.assertRegex(perf, r"^'127\.0\.0\.1_loss'=0%;5;10 '127\.0\.0\.1'=\d+ms;60;100$")
        found = self.keywords("check_ping", "host ip sent recv timeout loss ttl jitter result", "host=localhost", "count=4",
                              "size=2000", "address-family=ipv4")
        jitter = found.pop("jitter")
        self.assertGreaterEqual(float(jitter), 0)
        self.assertEqual(found, {"host": "localhost", "ip": "127.0.0.1", "sent": "4", "recv": "4", "timeout": "0",
                                 "loss": "0", "ttl": default_ttl(), "result": "ok"})
        self.assertEqual(self.keywords("check_ping", "jitter", "host=127.0.0.1")["jitter"], "unknown")
        state, message, perf = self.ask("check_ping", "hosts=127.0.0.1,nosuch.invalid", "total", "show-all")
        self.assertEqual(state, CRITICAL)
        self.assertIn("nosuch.invalid (resolve_failed) Packet loss = 100%, RTA = 0ms", message)
        self.assertIn("'total_loss'=0%;5;10", perf)

    def test_a_ping_agrees_with_the_system_s_own(self):
        if not shutil.which("ping") or subprocess.run(["ping", "-n", "-c1", "-W2", "127.0.0.1"], check=False,
                                                      capture_output=True, timeout=10).returncode:
            self.skipTest("there is no ping here that works")
        told = subprocess.run(["ping", "-n", "-c2", "-i0.2", "127.0.0.1"], check=True, capture_output=True, text=True,
                              timeout=10).stdout
        found = self.keywords("check_ping", "ttl recv", "host=127.0.0.1", "count=2")
        if found["recv"] == "0":
            self.skipTest("this account may not ping")
        self.assertEqual(found["ttl"], re.search(r"ttl=(\d+)", told)[1])
        self.assertEqual(found["recv"], re.search(r"(\d+) received", told)[1])

    def sockets(self, *options):
        lines = subprocess.run(["ss", "-H", "-n", *options], check=True, capture_output=True, text=True,
                               timeout=10).stdout.splitlines()
        return len(lines)

    @unittest.skipUnless(shutil.which("ss"), "ss is not installed")
    def test_connections_agree_with_ss(self):
        count = 40  # far more than what comes and goes meanwhile
        listener = self.enterContext(socket.create_server(("127.0.0.1", 0), backlog=count))
        for _ in range(count):
            self.enterContext(socket.create_connection(listener.getsockname()))
        for _ in range(5):
            udp = self.enterContext(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            udp.bind(("127.0.0.1", 0))
        slack = 12
        _, _, perf = self.ask("check_connections")
        found = {key: float(value) for key, value in re.findall(r"'total_all_([a-z_]+)'=(\d+)", perf)}
        self.assertEqual(set(found), set("""total total_connections established listen syn_sent syn_recv time_wait
            close_wait closing fin_wait last_ack udp""".split()))
        self.assertAlmostEqual(found["established"], self.sockets("-t", "state", "established"), delta=slack)
        self.assertAlmostEqual(found["listen"], self.sockets("-t", "-l"), delta=slack)
        self.assertGreaterEqual(found["established"], 2 * count - slack)
        self.assertEqual(found["total"], found["total_connections"])
        _, message, _ = self.ask("check_connections", "filter=state = 'all' and protocol != 'total'", "perf-syntax=none",
                                 "detail-syntax=${protocol}:${family}:${connections}")
        rows = dict(re.findall(r"([a-z0-9]+:[a-z0-9]+):(\d+)", message))
        self.assertEqual(set(rows), {"tcp:ipv4", "tcp6:ipv6", "udp:ipv4", "udp6:ipv6"})
        with open("/proc/net/udp", encoding="ascii") as f:
            udp_sockets = len(f.readlines()) - 1
        self.assertAlmostEqual(int(rows["udp:ipv4"]), udp_sockets, delta=3)
        self.assertEqual(self.ask("check_connections", "filter=state = 'ESTABLISHED'", "warn=connections > 10",
                                  "crit=none")[0], WARNING)


class WebOnline(NetCase):
    def at(self, *arguments):
        return ("host=127.0.0.1", f"port={self.agent.port}", *arguments)

    def test_an_agent_of_ours(self):
        base = f"https://127.0.0.1:{self.agent.port}"
        self.assertEqual(self.ask("check_nsclient_web_online", *self.at(f"password={self.agent.password}")),
                         (OK, f"REST API reachable on {base}", ""))
        self.assertEqual(self.ask("check_nsclient_web_online", f"url={base}/x", "user=admin",
                                  f"password={self.agent.password}")[0], OK)
        for wrong in ((), ("password=wrong",), ("user=admin", "password=wrong")):
            state, message, _ = self.ask("check_nsclient_web_online", *self.at(*wrong))
            self.assertEqual(state, CRITICAL)
            self.assertRegex(message, rf"^Authentication failed \(HTTP 40[13]\) on {base}$")
        self.assertNotIn("correct-horse", self.agent.console())

    def test_a_check_of_the_other_agent(self):
        login = ("user=admin", f"password={self.agent.password}")
        state, message, perf = self.ask("check_nsclient_web_online", *self.at(*login), "command=check_tcp",
                                        "argument=host=127.0.0.1", f"argument=port={self.agent.port}",
                                        "argument=warn=time > 77777", "argument=crit=port > 1")
        self.assertEqual(state, CRITICAL)
        self.assertIn(f"CRITICAL: 127.0.0.1:{self.agent.port} ok in", message)
        self.assertRegex(perf, r"ms;77777(;0)?( |$)")
        state, message, _ = self.ask("check_nsclient_web_online", *self.at(*login), "command=no/such?x")
        self.assertNotEqual(state, OK)

    def test_what_is_no_agent(self):
        web = self.serve(Tcp(servers.web({"/api/v1/info": ("500 Broken", {}, b"")})))
        base = f"http://127.0.0.1:{web.port}"
        self.assertEqual(self.ask("check_nsclient_web_online", f"url={base}"),
                         (CRITICAL, f"REST API returned HTTP 500 on {base}", ""))
        self.assertEqual(self.ask("check_nsclient_web_online", "url=http://127.0.0.1:1"),
                         (CRITICAL, "Failed to reach http://127.0.0.1:1: Failed to connect to 127.0.0.1:1: "
                          "Connection refused", ""))
        silent = self.serve(Tcp(servers.hangs))
        start = time.monotonic()
        self.assertEqual(self.ask("check_nsclient_web_online", f"url=http://127.0.0.1:{silent.port}", "timeout=1"),
                         (CRITICAL, f"Failed to reach http://127.0.0.1:{silent.port}: no answer in time", ""))
        self.assertLess(time.monotonic() - start, 1 + SLACK)
        odd = self.serve(Tcp(servers.web({"/api/v1/queries/x/commands/execute": ("200 OK", {}, b"<html>")})))
        state, message, _ = self.ask("check_nsclient_web_online", f"url=http://127.0.0.1:{odd.port}", "command=x")
        self.assertEqual(state, UNKNOWN)
        self.assertTrue(message.startswith(f"Could not parse response from http://127.0.0.1:{odd.port}"), message)


if __name__ == "__main__":
    unittest.main()
