"""Settings, logs, metrics, events and tags of the REST API: what the agent keeps and tells."""
import json
import re
import unittest

from support.agent import Agent, wait_for
from support.case import HTML, JSON, TEXT, VERSIONS, RestCase

DEFAULT = "/settings/settings/default"


class State(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(modules=("CheckHelpers", "CheckSystem"))).start()
        cls.base = f"https://127.0.0.1:{cls.agent.port}"


class Settings(State):
    def values(self, path, version="v2"):
        return {(item["path"], item["key"]): item["value"]
                for item in self.json(f"GET /api/{version}/settings{path}")}

    def test_what_the_file_says_is_told_and_passwords_are_masked(self):
        for version in VERSIONS:
            for path in (DEFAULT, "/settings/settings/Default", "/settings/SETTINGS/default"):
                found = self.values(path.replace("/settings", "", 1), version)
                by_key = {key: value for (_, key), value in found.items()}
                self.assertEqual(by_key, {"allowed hosts": "127.0.0.1", "password": "***"})
            everything = self.ask(f"GET /api/{version}/settings")[2]
            described = self.ask(f"GET /api/{version}/settings/descriptions?recursive=true")[2]
            self.assertNotIn(self.agent.password, everything + described)
            self.assertNotIn("pbkdf2", everything + described)
        self.expect("GET /api/v2/settings/settings/no/such/path", 200, JSON, [])

    def test_a_value_is_put_read_and_deleted(self):
        for version in VERSIONS:
            line = f"/api/{version}/settings/settings/tour"
            body = [{"key": "a", "value": "1"},
                    {"path": "/settings/tour/below", "key": "b", "value": "x = y"}]
            self.expect(f"PUT {line}", 200, JSON, {"status": "success", "keys": 2},
                        body=json.dumps(body))
            self.assertEqual(self.values("/settings/tour"), {
                ("/settings/tour", "a"): "1", ("/settings/tour/below", "b"): "x = y"})
            status = self.json(f"GET /api/{version}/settings/status")
            self.assertEqual((status["type"], status["has_changed"]), ("ini", True))
            diff = self.json(f"GET /api/{version}/settings/diff?path=/settings/tour")
            self.assertIn(("/settings/tour", "a", "", "1", "added"), [
                (entry["path"], entry["key"], entry["old_value"], entry["new_value"],
                 entry["change_type"]) for entry in diff["entries"]])
            self.expect(f"DELETE {line}?key=a", 200, JSON,
                        {"status": "success", "keys": 1, "recursive": True})
            self.assertNotIn(("/settings/tour", "a"), self.values("/settings/tour"))
            self.assertEqual(self.ask(f"DELETE {line}")[0], 200)
            self.expect(f"GET {line}", 200, JSON, [])

    def test_numbers_and_booleans_are_values_and_nothing_else_is(self):
        for value, text in ((123, "123"), (1.5, "1.5"), (True, "true"), (False, "false")):
            self.expect("PUT /api/v2/settings/settings/tour2", 200, JSON,
                        {"status": "success", "keys": 1},
                        body=json.dumps({"key": "n", "value": value}))
            self.assertEqual(self.values("/settings/tour2"), {("/settings/tour2", "n"): text})
        for value in ([], {}, None):
            status, kind, _ = self.ask("PUT /api/v2/settings/settings/tour2",
                                       body=json.dumps({"key": "n", "value": value}))
            self.assertEqual((status, kind), (422, TEXT))
        self.assertEqual(self.values("/settings/tour2"), {("/settings/tour2", "n"): "false"})

    def test_bodies_that_make_no_sense_are_refused_in_the_known_words(self):
        for line, body, word in (
                ("PUT /api/v2/settings/settings/x", "{", "Problems parsing JSON"),
                ("PUT /api/v2/settings/settings/x", '{"value":"1"}', "Key is required"),
                ("PUT /api/v2/settings/settings/x", "[1]", "Expected an object in the array"),
                ("PUT /api/v2/settings/settings/x", "1",
                 "Expected an object or an array of objects"),
                ("DELETE /api/v2/settings", "[{}]",
                 "DELETE entry requires either a path or a key"),
                ("DELETE /api/v2/settings", "",
                 "DELETE requires a path; pass ?key= to remove a single key"),
                ("POST /api/v2/settings/command", "{", "Problems parsing JSON")):
            with self.subTest(f"{line} {body}"):
                self.expect(line, 400, TEXT, word, body=body)
        self.expect("POST /api/v2/settings/command", 404, TEXT, "Unknown command: explode",
                    body='{"command":"explode"}')

    def test_every_key_is_described_without_starting_anything(self):
        found = {(item["path"], item["key"]): item for item in
                 self.json("GET /api/v2/settings/descriptions/settings/WEB?recursive=true")}
        port = found["/settings/WEB/server", "port"]
        self.assertEqual((port["type"], port["value"], port["default_value"], port["plugins"]),
                         ("string", str(self.agent.port), "8443", ["WEBServer"]))
        self.assertEqual(self.ask("GET /api/v2/settings/descriptions/no/such")[0], 404)


class Logs(State):
    def test_an_entry_is_posted_found_counted_and_cleared(self):
        for version in VERSIONS:
            logs = f"/api/{version}/logs"
            self.expect(f"DELETE {logs}", 200, JSON, {"count": 0})
            entry = {"level": "error", "message": f"tour {version}", "file": "tour.py",
                     "line": 123}
            self.expect(f"POST {logs}", 200, JSON, "", body=json.dumps(entry))
            found = wait_for("the entry", 2.5, lambda: [
                e for e in self.json(f"GET {logs}?per_page=100")
                if e["message"] == entry["message"]])
            self.assertRegex(found[0].pop("date"), r"^\d{4}-[A-Z][a-z]{2}-\d{2} \d\d:\d\d:\d\d$")
            self.assertEqual(found, [entry])
            status = self.json(f"GET {logs}/status")
            self.assertEqual(status, {"errors": 1, "last_error": f"tour {version}"})
            self.expect("GET /log/status", 200, JSON,
                        {"status": {"count": 1, "error": f"tour {version}"}})
            self.expect(f"DELETE {logs}/status", 200, JSON, "")
            self.assertEqual(self.json(f"GET {logs}/status"), {"errors": 0, "last_error": ""})

    def test_a_level_that_nobody_knows_is_told_as_a_critical_entry(self):
        self.expect("POST /api/v2/logs", 200, JSON, "", body=json.dumps(
            {"level": "bogus", "message": "what for", "file": "tour.py", "line": 7}))
        found = wait_for("the entry", 2.5, lambda: [
            e for e in self.json("GET /api/v2/logs?per_page=100&level=critical")
            if e["message"] == "Invalid log level for: bog"])
        self.assertEqual((found[0]["file"], found[0]["line"]), ("tour.py", 7))
        # below the level of the log: taken, and dropped
        self.expect("POST /api/v2/logs", 200, JSON, "",
                    body='{"level":"debug","message":"too much"}')
        self.ask("POST /api/v2/logs", body='{"message":"after it"}')
        entries = wait_for("the entry after it", 2.5, lambda: [
            e["message"] for e in self.json("GET /api/v2/logs?per_page=100")
            if e["message"] in ("too much", "after it")])
        self.assertEqual(entries, ["after it"])

    def test_pages_are_counted_in_headers_and_links(self):
        for i in range(12):
            self.ask("POST /api/v2/logs", body=json.dumps({"level": "critical",
                                                           "message": f"page {i}"}))
        path = "/api/v2/logs?page=2&per_page=5&level=critical"
        wait_for("twelve entries", 5, lambda: int(
            self.agent.get(path)[2]["x-pagination-count"]) >= 12)
        status, body, headers = self.agent.get(path)
        self.assertEqual((status, len(json.loads(body))), (200, 5))
        self.assertEqual((headers["x-pagination-page"], headers["x-pagination-limit"]), ("2", "5"))
        self.assertEqual(re.findall(r'rel="(\w+)"', headers["link"]),
                         ["next", "last", "first", "prev"])
        for bad in ("per_page=1", "per_page=501"):
            self.expect(f"GET /api/v2/logs?{bad}", 400, TEXT, "Invalid request")

    def test_since_goes_on_where_the_last_answer_ended(self):
        self.ask("POST /api/v2/logs", body='{"message":"before"}')
        _, _, headers = self.agent.get("/api/v2/logs/since?per_page=500")
        index = headers["x-log-index"]
        self.ask("POST /api/v2/logs", body='{"message":"behind"}')
        found = wait_for("the new entry", 5, lambda: self.json(
            f"GET /api/v2/logs/since?since={index}&per_page=500"))
        self.assertEqual([e["message"] for e in found if e["message"] in ("before", "behind")],
                         ["behind"])

    def test_a_broken_entry_is_refused(self):
        self.expect("POST /api/v2/logs", 400, TEXT, "Problems parsing JSON", body="{")


class Telemetry(State):
    def test_metrics_come_flat_as_a_tree_and_for_prometheus(self):
        flat = self.json("GET /api/v2/metrics")  # {} before the first collection
        self.assertTrue(all(isinstance(v, (int, float, str)) for v in flat.values()), flat)
        status, kind, text = self.ask("GET /api/v2/openmetrics")
        self.assertEqual((status, kind), (200, "text/plain; version=0.0.4; charset=utf-8"))
        for line in text.splitlines():
            self.assertRegex(line, r"^(# .*|[A-Za-z_:][A-Za-z0-9_:]*(\{.*\})? -?[0-9.]+)$")
        self.assertIsInstance(self.json("GET /metrics"), dict)
        self.assertEqual(self.ask("GET /metrics", headers={"Accept": "text/html,*/*"},
                                  credentials=None)[1], HTML)
        self.assertEqual(self.ask("GET /api/v1/metrics")[0], 404)

    def test_metadata_links_to_lists_and_a_system_without_counters_has_none(self):
        for version in VERSIONS:
            url = f"{self.base}/api/{version}/metadata"
            self.expect(f"GET /api/{version}/metadata", 200, JSON, [
                {"name": "counters", "title": "Performance counters", "url": f"{url}/counters"},
                {"name": "channels", "title": "Registered submission channels",
                 "url": f"{url}/channels"}])
            self.expect(f"GET /api/{version}/metadata/counters", 200, JSON, [])

    def test_events_tags_and_channels_are_there_and_empty_is_an_answer(self):
        for version in VERSIONS:
            self.assertIsInstance(self.json(f"GET /api/{version}/events"), list)
            self.assertIsInstance(self.json(f"DELETE /api/{version}/events"), list)
            self.assertIsInstance(self.json(f"GET /api/{version}/metadata/channels"), list)
        self.assertIsInstance(self.json("GET /api/v2/tags"), dict)
        self.assertEqual(self.ask("GET /api/v1/tags")[0], 404)
        for path in ("/api/v2/events", "/api/v2/tags", "/api/v2/metrics"):
            self.refused(f"GET {path}", credentials=None)


if __name__ == "__main__":
    unittest.main()
