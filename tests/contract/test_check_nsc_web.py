"""check_nsc_web (ConSol's 0.7.6 and the older build): its requests, byte for byte, over a raw
TLS connection, and the answers read by the rules of the plugin."""
import base64
import ssl
import time
import unittest

from support.agent import Agent, PASSWORD, SLACK, fake_module
from support.wire import Wire, ask, document, unverified

STATES = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}


class Build:
    """What one build of the plugin puts on the wire: the headers of Go's client in its order."""

    def __init__(self, name, password_header, timeout_header, newest_tls):
        self.name = name
        self.password_header = password_header
        self.timeout_header = timeout_header
        self.newest_tls = newest_tls

    def request(self, port, target, login=None, password=PASSWORD):
        if login is not None:
            pair = base64.b64encode(f"{login}:{password}".encode()).decode()
            credentials = f"Authorization: Basic {pair}"
        else:
            credentials = f"{self.password_header}: {password}"
        lines = [f"GET {target} HTTP/1.1", f"Host: 127.0.0.1:{port}",
                 "User-Agent: Go-http-client/1.1", credentials]
        if self.timeout_header:
            lines.append("X-Nsc-Web-Timeout: 10.00")
        lines.append("Accept-Encoding: gzip")
        return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n"

    def tls(self):
        return unverified(maximum=self.newest_tls)


BUILDS = (Build("0.7.6", "Password", True, ssl.TLSVersion.TLSv1_3),
          Build("older", "password", False, ssl.TLSVersion.TLSv1_2))


def perf_of(values):
    """As the plugin decodes PerfLine: what it could not decode makes it fail."""
    assert isinstance(values["unit"], str), values
    assert isinstance(values["value"], (int, float, str)), values
    for name in ("minimum", "maximum"):
        assert isinstance(values.get(name, 0), (int, float)), values
    for name in ("warning", "critical"):
        assert isinstance(values.get(name, 0), (int, float, str)), values
    return values


def read_legacy(body):
    """(state, message, {label: values}) of an answer of /query/..."""
    payload = body["payload"]
    assert len(payload) == 1, body
    perf = {}
    for line in payload[0]["lines"]:
        for entry in line["perf"]:
            perf[entry["alias"]] = perf_of(entry["float_value"])
    message = "".join(line["message"].strip() for line in payload[0]["lines"])
    return STATES[payload[0]["result"]], message, perf


def read_v1(body):
    assert isinstance(body["command"], str) and type(body["result"]) is int, body
    perf = {}
    for line in body["lines"]:
        perf.update({label: perf_of(values) for label, values in line["perf"].items()})
    return body["result"], "".join(line["message"].strip() for line in body["lines"]), perf


class CheckNscWeb(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(
            Agent(modules=("CheckHelpers", "CheckSystem", "Fake"),
                  manifests={"Fake": fake_module(queries=["fake_sleep"])})).start()
        cls.port = cls.agent.port

    def modes(self):
        """(build, URL before the command, URL behind it, login, reader): legacy, API 1."""
        for build in BUILDS:
            for base in ("", "/"):  # -u https://host:8443 and https://host:8443/
                yield build, base + "/query/", "", None, read_legacy
                yield (build, base + "/api/v1/queries/", "/commands/execute", "admin", read_v1)
            # -l "" sends the password header in API 1 mode as well
            yield build, "/api/v1/queries/", "/commands/execute", None, read_v1

    def ask(self, build, target, **options):
        answer = ask(self.port, build.request(self.port, target, **options), context=build.tls())
        self.assertNotIn("content-encoding", answer.headers)
        return answer

    def check_all_modes(self, command, query, expected_state, expected_message):
        for build, before, behind, login, read in self.modes():
            with self.subTest(f"{build.name} {before}{command}{behind} as {login}"):
                answer = self.ask(build, before + command + behind + query, login=login)
                self.assertEqual((answer.status, answer.reason), (200, "OK"))
                self.assertEqual(answer.headers["content-type"], ["application/json"])
                state, message, _ = read(document(answer))
                self.assertEqual((state, message), (expected_state, expected_message))

    def test_every_state_comes_with_http_200(self):
        for command, state in (("check_ok", 0), ("check_warning", 1), ("check_critical", 2)):
            self.check_all_modes(command, "?message=hello", state, "hello")

    def test_an_unknown_command_is_a_result_too(self):
        self.check_all_modes("check_missing", "", 3, "Unknown command(s): check_missing")

    def test_form_encoded_arguments_keep_their_order_and_their_bytes(self):
        self.check_all_modes("check_ok", "?message=a+b%2Bc%26d%3De%25+%C3%A4", 0, "a b+c&d=e% ä")
        self.check_all_modes("check_always_warning", "?check_ok&message=x", 1, "x")

    def test_performance_data_is_what_the_plugin_can_decode(self):
        for build, before, behind, login, read in self.modes():
            with self.subTest(f"{build.name} {before}"):
                answer = self.ask(build, before + "check_cpu" + behind +
                                  "?warn=load+%3E+101&crit=load+%3E+102", login=login)
                state, _, perf = read(document(answer))
                self.assertEqual(state, 0)
                for window in ("total 5s", "total 1m", "total 5m"):
                    self.assertIn(window, perf)
                    self.assertIsInstance(perf[window]["value"], (int, float))
                    self.assertEqual(perf[window]["unit"], "%")
                    # numbers: the older build gives up on all perf data for a text here
                    self.assertEqual((perf[window]["warning"], perf[window]["critical"]),
                                     (101, 102))

    def test_reachability_needs_no_right_password(self):
        for build in BUILDS:
            for target in ("/", "//"):
                for password in (PASSWORD, "wrong"):
                    with self.subTest(f"{build.name} {target} {password}"):
                        answer = self.ask(build, target, password=password)
                        self.assertEqual((answer.status, answer.reason), (200, "OK"))
                        self.assertEqual(answer.headers["content-type"], ["text/html"])
                        self.assertIn(b"<title>", answer.body)

    def test_raw_mode_reads_any_path_with_either_credential(self):
        build = BUILDS[0]
        for target, login in (("/api/v2/info", None), ("/api/v2/info", "admin"),
                              ("/api/v1/modules?all=true", "admin"), ("/core/isalive", None)):
            with self.subTest(f"{target} as {login}"):
                answer = self.ask(build, target, login=login)
                self.assertEqual(answer.status, 200)
                self.assertTrue(document(answer))
        self.assertEqual(self.ask(build, "/api/v2/nothing").status, 404)

    def test_bad_credentials_are_403_forbidden_in_the_status_line(self):
        for build, before, behind, login, _ in self.modes():
            with self.subTest(f"{build.name} {before} as {login}"):
                answer = self.ask(build, before + "check_ok" + behind, login=login,
                                  password="wrong")
                self.assertEqual((answer.status, answer.reason), (403, "Forbidden"))
                self.assertEqual(answer.body, b"403 You're not allowed")
            # a good one in between, so that the throttle does not join in
            self.assertEqual(self.ask(build, "/query/check_ok").status, 200)

    def test_the_login_name_counts_in_api_1_mode_alone(self):
        build = BUILDS[0]
        answer = self.ask(build, "/api/v1/queries/check_ok/commands/execute", login="nobody")
        self.assertEqual(answer.status, 403)
        self.assertEqual(self.ask(build, "/query/check_ok").status, 200)

    def test_one_connection_serves_many_requests_and_no_byte_is_left_over(self):
        build = BUILDS[0]
        with Wire(self.port) as wire:
            for i in range(20):
                wire.send(build.request(self.port, f"/query/check_ok?message=n{i}"))
                self.assertEqual(read_legacy(document(wire.answer())), (0, f"n{i}", {}))
                self.assertEqual(wire.buffer, b"")

    def test_the_certificate_names_localhost_and_127_0_0_1(self):
        with Wire(self.port) as wire:
            pem = ssl.DER_cert_to_PEM_cert(wire.socket.getpeercert(binary_form=True))
        trusting = ssl.create_default_context(cadata=pem)  # -ca <file>, without -k
        answer = ask(self.port, BUILDS[0].request(self.port, "/query/check_ok"),
                     context=trusting)
        self.assertEqual(answer.status, 200)

    def test_the_plugins_own_time_limit_is_obeyed(self):
        build = BUILDS[0]
        for limit in (b"1.00", b"1.00s"):
            with self.subTest(limit):
                request = build.request(self.port, "/query/fake_sleep?ms=60000")
                begin = time.monotonic()
                answer = ask(self.port, request.replace(b": 10.00", b": " + limit))
                took = time.monotonic() - begin
                state, message, _ = read_legacy(document(answer))
                self.assertEqual(state, 3)
                self.assertIn("did not answer within", message)
                self.assertLess(took, 1 + SLACK)


if __name__ == "__main__":
    unittest.main()
