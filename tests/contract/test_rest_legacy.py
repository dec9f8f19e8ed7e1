"""The routes without a version, beside the login (test_rest.py), /query (test_rest_queries.py),
/log (test_rest_logs.py) and the messages (test_rest_legacy_pb.py): reload and alive, what was taken
out, slashes, and the codes that no route of the table has."""
import unittest

from support.agent import Agent, wait_for
from support.case import HTML, JSON, TEXT, RestCase

MIB = 1024 * 1024


class Legacy(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent()).start()

    def test_a_reload_is_answered_first_and_then_comes(self):
        self.expect("POST /core/reload", 200, JSON, '{"status" : "reload"}')
        self.agent.wait_log("audit: WEBServer:admin from 127.0.0.1: reload service: done")

        def alive():
            try:
                return self.ask("GET /core/isalive", credentials=None) == (
                    200, JSON, '{"status" : "ok"}')
            except OSError:
                return False
        wait_for("the end of the reload", 15, alive)

    def test_what_changes_something_is_no_get(self):
        for path in ("/core/reload", "/console/exec?command=help", "/log/reset", "/query.pb"):
            self.expect(f"GET {path}", 404, TEXT, "Document not found")

    def test_what_older_versions_had_is_gone(self):
        for line in ("GET /registry/inventory", "GET /registry/inventory/modules",
                     "GET /registry/control/module/load", "GET /query.json",
                     "POST /settings/query.json", "PUT /settings/status"):
            self.expect(line, 404, TEXT, "Document not found")
        # a place of the user interface
        for path in ("/settings/status", "/settings/inventory", "/settings/query.json"):
            self.assertEqual(self.ask(f"GET {path}", credentials=None)[:2], (200, HTML))

    def test_slashes_at_the_end_and_in_a_row_change_nothing(self):
        for path in ("/query/check_ok", "/log/status", "/log/messages", "/core/isalive",
                     "/api", "/api/v1/info", "/api/v2/modules", "/api/v2/queries/check_ok",
                     "/api/v2/settings/status", "/api/v2/modules/WEBServer/commands/load",
                     "/api/v2/queries/check_ok/commands/execute"):
            plain = self.ask(f"GET {path}")
            self.assertEqual(plain[0], 200)
            for other in (path + "/", path + "//", path.replace("/", "//"), "/" + path):
                with self.subTest(other):
                    found = self.ask(f"GET {other}")
                    # the log has grown meanwhile
                    self.assertEqual(found[:2] if "log" in path else found,
                                     plain[:2] if "log" in path else plain)

    def test_a_body_that_is_too_large_is_413_and_the_next_request_is_served(self):
        for line in ("PUT /api/v2/settings/settings/x", "POST /api/v2/logs",
                     "PUT /api/v1/modules"):
            self.assertEqual(self.ask(line, body=b" " * (MIB + 1))[:2], (413, TEXT))
            self.assertEqual(self.ask(line, body=b" " * MIB)[:2], (400, TEXT))
        self.json("GET /api/v2/info")

    def test_a_wrong_method_is_never_405_and_missing_credentials_never_401(self):
        for method in ("PATCH", "OPTIONS", "TRACE", "PUT", "DELETE", "BREW"):
            for path in ("/query/check_ok", "/api/v2/queries", "/core/isalive", "/metrics"):
                self.assertEqual(self.ask(f"{method} {path}")[:2], (404, TEXT), method)
        for path in ("/query/check_ok", "/api", "/log/status", "/metrics"):
            self.refused(f"GET {path}", credentials=None)

    def test_the_status_line_has_its_usual_words(self):
        connection = self.agent.connect()
        self.addCleanup(connection.close)
        for path, reason in (("/api", "Forbidden"), ("/core/isalive", "OK"),
                             ("/nothing", "Not Found"), ("/auth/token", "Gone")):
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            self.assertEqual(response.reason, reason)


if __name__ == "__main__":
    unittest.main()
