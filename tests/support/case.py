"""What the tests of the REST interface share."""
import json
import unittest

JSON, TEXT, HTML = "application/json", "text/plain", "text/html"
VERSIONS = ("v1", "v2")
FORBIDDEN = "403 You're not allowed"


class RestCase(unittest.TestCase):
    """Runs against `cls.agent`, which each class starts for itself."""

    def ask(self, line, **options):
        """"GET /path" -> (status, content type, body)"""
        method, path = line.split(" ", 1)
        status, body, headers = self.agent.request(method, path, **options)
        return status, headers["content-type"], body

    def expect(self, line, status, content_type, wanted, /, **options):
        """`wanted` is the body's text, or what its JSON must be equal to."""
        found = self.ask(line, **options)
        if not isinstance(wanted, str):
            self.assertEqual(found[:2], (status, content_type), found)
            self.assertEqual(json.loads(found[2]), wanted)
        else:
            self.assertEqual(found, (status, content_type, wanted))

    def json(self, line, **options):
        """The document of an answer that must be 200 and JSON."""
        status, content_type, body = self.ask(line, **options)
        self.assertEqual((status, content_type), (200, JSON), body)
        return json.loads(body)

    def run_check(self, command, *arguments, **options):
        """(state, text with performance data)"""
        found = self.json(f"GET /api/v2/queries/{command}/commands/execute_nagios?"
                          + "&".join(arguments), **options)
        text = "".join(line["message"] for line in found["lines"])
        perf = " ".join(line["perf"] for line in found["lines"] if line.get("perf"))
        return found["result"], text + ("|" + perf if perf else "")

    def expect_check(self, line, state, text):
        self.assertEqual(self.run_check(*line.split()), (state, text), line)

    def refused(self, line, **options):
        self.expect(line, 403, TEXT, FORBIDDEN, **options)

    def login(self, user="admin", password=None):
        """A token."""
        headers = {"Authorization": self.agent.basic(user, password)}
        return self.json("GET /api/v2/login", headers=headers, credentials=None)["key"]
