"""What the log tells about requests: one id from the answer's header through gateway, kernel and
worker, and a line of audit for each change made through the API, with no secret in any of them."""
import json
import re
import unittest

from support.agent import PASSWORD, Agent, fake_module, wait_for
from support.case import RestCase

SECRETS = (PASSWORD, "tour-secret", "pbkdf2-sha256", "client-pass")
INI = """[/settings/WEB/server/log]
info = true
[/settings/WEB/server/users/carla]
password = client-pass
role = client
"""


class Trace(RestCase):
    @classmethod
    def setUpClass(cls):
        queries = ("fake_log", "fake_throw", "fake_sleep", "fake_event")
        cls.agent = cls.enterClassContext(Agent(
            modules=("Fake", "CheckHelpers", "CheckExternalScripts"), ini=INI,
            arguments=("--log", "debug"),
            manifests={"Fake": fake_module(queries=queries)})).start()

    def lines_of(self, request_id):
        """{sender: [message]} of the console's lines that name the request."""
        found = {}
        for line in self.agent.console().splitlines():
            if re.search(rf"\b{re.escape(request_id)}\b", line):
                _, sender, message = line.split(None, 2)
                found.setdefault(sender, []).append(message)
        return found

    def wait_senders(self, request_id, *senders):
        wait_for(f"lines of {senders} for {request_id}", 10,
                 lambda: set(senders) <= set(self.lines_of(request_id)))
        return self.lines_of(request_id)

    def id_of(self, line, **options):
        method, path = line.split(" ", 1)
        _, _, headers = self.agent.request(method, path, **options)
        return headers["x-request-id"]

    def test_every_answer_carries_an_id_of_its_own(self):
        seen = set()
        for line, options in (
                ("GET /", {"credentials": None}), ("GET /api/v2", {"credentials": None}),
                ("GET /api/v2/info", {}), ("GET /nothing", {}), ("GET /api/v2/nothing", {}),
                ("PUT /api/v2/settings", {"body": "{"}), ("GET /core/isalive", {}),
                ("DELETE /api/v2/events", {}), ("GET /auth/token", {}),
                ("GET /api/v2/queries/nosuch/commands/execute", {}),
                ("POST /api/v2/logs", {"body": "{}"}),
                ("GET /%00", {}), ("GET /api/v2/modules/NoSuch/commands/load", {})):
            request_id = self.id_of(line, **options)
            self.assertRegex(request_id, r"^[0-9A-Za-z-]{8,64}$", line)
            self.assertNotIn(request_id, seen)
            seen.add(request_id)

    def test_a_failing_check_has_one_id_in_gateway_kernel_and_worker(self):
        request_id = self.id_of("GET /api/v2/queries/fake_throw/commands/execute")
        lines = self.wait_senders(request_id, "WEBServer", "core", "Fake")
        self.assertRegex(lines["WEBServer"][0],
                         r"GET /api/v2/queries/fake_throw/commands/execute -> 200 in \d+ ms")
        self.assertRegex(lines["core"][0], r"^fake_throw for WEBServer:admin: module Fake "
                                           r"answered after \d+ ms \(request ")
        self.assertEqual(lines["Fake"], [f"fake_throw threw: thrown in a check "
                                         f"(request {request_id})"])

    def test_a_check_that_is_too_slow_is_named_by_the_kernel(self):
        request_id = self.id_of("GET /query/fake_sleep?ms=20000",
                                headers={"X-Nsc-Web-Timeout": "0.3"})
        self.assertRegex(self.wait_senders(request_id, "WEBServer", "core")["core"][0],
                         "^fake_sleep for WEBServer:admin: .*did not answer within")

    def test_the_id_goes_along_into_the_checks_that_a_check_runs(self):
        request_id = self.id_of("GET /query/check_negate?command=fake_log&ok=critical")
        lines = self.wait_senders(request_id, "WEBServer", "core", "Fake")
        self.assertEqual(lines["Fake"], [f"fake says a word (request {request_id})"])
        self.assertEqual(len(lines["core"]), 2, lines)

    def test_a_refusal_names_the_request_and_who_asked(self):
        request_id = self.id_of("GET /api/v2/settings", credentials=None, headers={
            "Authorization": self.agent.basic("carla", "client-pass")})
        refusal = self.wait_senders(request_id, "WEBServer")["WEBServer"]
        self.assertIn(f"request {request_id} from 127.0.0.1 refused at the gate 'grant': GET "
                      "/api/v2/settings: user 'carla' has the role 'client', which lacks the grant "
                      "'settings.get'", "".join(refusal))


class Audit(Trace):
    def audited(self, line, text, **options):
        request_id = self.id_of(line, **options)
        lines = wait_for(f"audit of {line}", 10, lambda: [
            found for found in self.lines_of(request_id).get("audit", ())
            # What a module changes for itself on the way has a line of its own.
            if found.startswith("audit: WEBServer")])
        self.assertEqual(lines, [f"audit: WEBServer:admin from 127.0.0.1: {text} "
                                 f"(request {request_id})"])

    def test_each_change_leaves_one_line(self):
        def body(value):
            return {"body": json.dumps(value)}
        for line, text, options in (
                ("PUT /api/v2/settings/settings/tour", "set /settings/tour:a: done",
                 body({"key": "a", "value": "1"})),
                ("PUT /api/v1/settings", "set /settings/tour:b /settings/other:c: done",
                 body([{"path": "/settings/tour", "key": "b", "value": "tour-secret"},
                       {"path": "/settings/other", "key": "c", "value": "tour-secret"}])),
                ("DELETE /api/v2/settings/settings/tour?key=a", "delete /settings/tour:a: done",
                 {}),
                ("DELETE /api/v2/settings/settings/tour", "delete /settings/tour:: done", {}),
                ("POST /api/v2/settings/command", "load settings: done",
                 body({"command": "load"})),
                ("POST /api/v2/settings/command", "save settings: done",
                 body({"command": "save"})),
                ("GET /api/v2/modules/CheckSystem/commands/load", "load CheckSystem: done", {}),
                ("GET /api/v2/modules/CheckSystem/commands/reload", "reload CheckSystem: done",
                 {}),
                ("PUT /api/v1/modules", "unload CheckSystem: done",
                 body({"name": "CheckSystem", "loaded": False})),
                ("GET /api/v2/modules/CheckSystem/commands/disable", "disable CheckSystem: done",
                 {}),
                ("GET /api/v1/modules/CheckSystem/commands/enable", "enable CheckSystem: done",
                 {}),
                ("DELETE /api/v2/logs", "clear log: done", {}),
                ("DELETE /api/v1/logs/status", "clear log: done", {}),
                ("POST /log/reset", "clear log: done", {}),
                ("DELETE /api/v2/events", "take events: done", {}),
                ("PUT /api/v2/scripts/ext/scripts/tour.sh",
                 "add script ext/scripts/tour.sh: done", {"body": "echo tour-secret"}),
                ("DELETE /api/v2/scripts/ext/scripts/tour.sh",
                 "delete script ext/scripts/tour.sh: done", {}),
                ("DELETE /api/v2/scripts/ext/nosuch",
                 "delete script ext/nosuch: failed precondition: exit code 3", {})):
            with self.subTest(line):
                self.audited(line, text, **options)

    def test_what_failed_is_audited_with_the_reason(self):
        request_id = self.id_of("GET /api/v2/modules/NoSuch/commands/load")
        line = self.wait_senders(request_id, "audit")["audit"][0]
        self.assertRegex(line, "^audit: WEBServer:admin from 127.0.0.1: load NoSuch: .*NoSuch")
        self.assertNotIn(": done", line)

    def test_reading_leaves_none(self):
        for line in ("GET /api/v2/settings", "GET /api/v2/logs", "GET /api/v2/events",
                     "GET /api/v2/queries/check_ok/commands/execute"):
            request_id = self.id_of(line)
            self.assertNotIn("audit", self.wait_senders(request_id, "WEBServer"))

    def test_no_secret_that_is_set_through_the_api_reaches_any_line(self):
        for path in ("/settings/default", "/settings/WEB/server/users/dora"):
            for method, entry in (("PUT", {"path": path, "key": "password",
                                           "value": "tour-secret"}),
                                  ("DELETE", {"path": path, "key": "password"})):
                if path == "/settings/default" and method == "DELETE":
                    continue
                self.id_of(f"{method} /api/v2/settings", body=json.dumps(entry))
        # a body that cannot be read, and a setting that is refused
        self.id_of("PUT /api/v2/settings", body='{"key":"password","value":"tour-secret"')
        self.id_of("PUT /api/v2/settings/settings/default", body=json.dumps(
            {"key": "password", "value": "tour-secret\nsecond line"}))
        self.id_of("GET /api/v2/info", headers={"password": "tour-secret"}, credentials=None)
        self.id_of("GET /query/check_ok?TOKEN=tour-secret", credentials=None)
        self.id_of("GET /auth/token?password=tour-secret", credentials=None,
                   headers={"User-Agent": "Icinga/check_nscp_api/2.14.0"})
        last = self.id_of("POST /api/v2/settings/command", body='{"command":"load"}')
        self.wait_senders(last, "audit", "WEBServer")
        told = self.agent.console() + self.ask("GET /log/messages")[2]
        for secret in SECRETS:
            self.assertNotIn(secret, told)


if __name__ == "__main__":
    unittest.main()
