"""The log over the REST API: /api/{v}/logs, /logs/since, /logs/status and the older /log/*: adding,
paging with its exact headers, going on from an index, counting and clearing."""
import json
import re
import unittest

from support.agent import Agent, wait_for
from support.case import JSON, TEXT, VERSIONS, RestCase
from support.match import Each, difference
from support.rest_routes import DATE, LEVEL, LOG_ENTRY


class LogCase(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent()).start()
        cls.base = f"https://127.0.0.1:{cls.agent.port}"

    def setUp(self):
        self.assertEqual(self.ask("DELETE /api/v2/logs")[0], 200)

    def post(self, entry, version="v2"):
        self.expect(f"POST /api/{version}/logs", 200, JSON, "", body=json.dumps(entry))

    def fill(self, count, level="critical"):
        """`count` entries "entry 0" and on, of a level that nobody else uses here."""
        for i in range(count):
            self.post({"level": level, "message": f"entry {i}"})
        wait_for(f"{count} entries", 5, lambda: self.count(level) == count)

    def count(self, level):
        return int(self.agent.get(f"/api/v2/logs?level={level}")[2]["x-pagination-count"])

    def messages(self, path, version="v2"):
        return [entry["message"] for entry in self.json(f"GET /api/{version}{path}")]


class Entries(LogCase):
    def test_an_entry_is_found_as_it_was_posted(self):
        for version in VERSIONS:
            for level in ("critical", "error", "warning", "info"):
                entry = {"level": level, "message": f"{level} of {version}", "file": "tour.py",
                         "line": 123}
                self.post(entry, version)
                found = wait_for("the entry", 2.5, lambda wanted=entry: [
                    e for e in self.json(f"GET /api/{version}/logs?per_page=500")
                    if e["message"] == wanted["message"]])
                self.assertIsNone(difference({**entry, "date": DATE}, found[0]))
                self.assertEqual(len(found), 1)

    def test_what_is_left_out_has_a_default(self):
        self.post({})
        found = wait_for("the entry", 2.5, lambda: self.json("GET /api/v2/logs?level=error"))
        self.assertIsNone(difference([{"level": "error", "message": "no message", "file": "REST",
                                       "line": 0, "date": DATE}], found))

    def test_what_the_level_of_the_log_hides_is_taken_and_dropped(self):
        self.post({"level": "debug", "message": "hidden"})
        self.fill(1)
        self.assertNotIn("hidden", self.messages("/logs?per_page=500"))

    def test_an_entry_that_makes_no_sense_is_refused_and_says_why(self):
        for body, status, text in (
                ("{", 400, "Problems parsing JSON"), ("", 400, "Problems parsing JSON"),
                ("[]", 422, "The body must be a JSON object"),
                ('{"message":7}', 422, "The field \"message\" must be a string"),
                ('{"file":null}', 422, "The field \"file\" must be a string"),
                ('{"line":"7"}', 422, "The field \"line\" must be a whole number"),
                ('{"line":1.5}', 422, "The field \"line\" must be a whole number")):
            for version in VERSIONS:
                with self.subTest(body):
                    self.expect(f"POST /api/{version}/logs", status, TEXT, text, body=body)

    def test_a_level_that_nobody_knows_is_told_as_a_critical_entry(self):
        self.post({"level": "bogus", "message": "what for", "file": "tour.py", "line": 7})
        found = wait_for("the entry", 2.5, lambda: self.json("GET /api/v2/logs?level=critical"))
        self.assertIsNone(difference([{
            "level": "critical", "message": "Invalid log level for: bog", "file": "tour.py",
            "line": 7, "date": DATE}], found))

    def test_an_entry_reaches_the_console_too(self):
        self.post({"level": "warning", "message": "seen on the console"})
        self.agent.wait_log("seen on the console")


class Pages(LogCase):
    def page(self, path, version="v2"):
        """(messages, the Link header's links, count, page, limit)"""
        status, body, headers = self.agent.get(f"/api/{version}{path}")
        self.assertEqual((status, headers["content-type"]), (200, JSON), body)
        self.assertIsNone(difference(Each(LOG_ENTRY), json.loads(body)))
        return ([entry["message"] for entry in json.loads(body)], headers["link"],
                [headers[f"x-pagination-{name}"] for name in ("count", "page", "limit")])

    def links(self, version, path, tail, **pages):
        return ", ".join(f"<{self.base}/api/{version}{path}?page={page}{tail}>; rel=\"{relation}\""
                         for relation, page in pages.items())

    def test_pages_go_from_the_oldest_on_and_link_to_each_other(self):
        self.fill(12)
        entries = [f"entry {i}" for i in range(12)]
        tail = "&per_page=5&level=critical"
        for version in VERSIONS:
            for page, expected, pages in (
                    (1, entries[:5], {"next": 2, "last": 3, "first": 1}),
                    (2, entries[5:10], {"next": 3, "last": 3, "first": 1, "prev": 1}),
                    (3, entries[10:], {"last": 3, "first": 1, "prev": 2}),
                    (9, [], {"last": 3, "first": 1, "prev": 8})):
                with self.subTest(f"{version} {page}"):
                    self.assertEqual(
                        self.page(f"/logs?page={page}{tail}", version),
                        (expected, self.links(version, "/logs", tail, **pages),
                         ["12", str(page), "5"]))

    def test_the_last_page_of_an_exact_multiple_is_full_and_of_nothing_is_the_first(self):
        self.fill(10)
        tail = "&per_page=5&level=critical"
        self.assertEqual(self.page("/logs?page=2" + tail)[1],
                         self.links("v2", "/logs", tail, last=2, first=1, prev=1))
        tail = "&per_page=10&level=bogus"
        self.assertEqual(self.page("/logs?level=bogus"), (
            [], self.links("v2", "/logs", tail, last=1, first=1), ["0", "1", "10"]))

    def test_numbers_that_are_none_fall_back_and_those_out_of_range_are_refused(self):
        self.fill(3)
        for query in ("", "&page=0&size=10", "&page=x&per_page=y", "&page=&per_page="):
            found = self.page("/logs?level=critical" + query)
            self.assertEqual((len(found[0]), found[2]), (3, ["3", "1", "10"]), query)
        for bad in ("per_page=1", "per_page=501", "per_page=0", "per_page=-5",
                    "per_page=99999999999999999999"):
            for path in ("logs", "logs/since"):
                for version in VERSIONS:
                    self.expect(f"GET /api/{version}/{path}?{bad}", 400, TEXT, "Invalid request")
        for good in ("per_page=2", "per_page=500"):
            self.assertEqual(self.ask(f"GET /api/v2/logs?{good}")[0], 200)

    def test_levels_are_a_list(self):
        for level in ("critical", "error", "warning"):
            self.post({"level": level, "message": level})
        wait_for("the entries", 5, lambda: self.count("critical,error,warning") == 3)
        self.assertEqual(self.messages("/logs?level=error,critical"), ["critical", "error"])
        self.assertEqual(self.messages("/logs?level=WARNING"), ["warning"])
        self.assertIn("&level=critical%2Cerror>", self.page("/logs?level=critical,error")[1])

    def test_since_gives_what_is_new_and_says_where_to_go_on(self):
        _, _, headers = self.agent.get("/api/v2/logs/since?per_page=500")
        begin = int(headers["x-log-index"])
        self.fill(6)
        for version in VERSIONS:
            since, seen = begin, []
            while True:
                status, body, headers = self.agent.get(
                    f"/api/{version}/logs/since?since={since}&per_page=4&level=critical")
                self.assertEqual(status, 200)
                entries = json.loads(body)
                tail = f"&per_page=4&since={since}&level=critical"
                pages = {"next": 2} if len(seen) == 0 else {}
                last = 2 if pages else 1
                self.assertEqual(headers["link"], self.links(
                    version, "/logs/since", tail, **pages, last=last, first=1))
                if not entries:
                    # nothing new: the index stays where it was
                    self.assertEqual(int(headers["x-log-index"]), since)
                    break
                self.assertGreater(int(headers["x-log-index"]), since)
                since = int(headers["x-log-index"])
                seen += [entry["message"] for entry in entries]
            self.assertEqual(seen, [f"entry {i}" for i in range(6)])

    def test_clearing_does_not_begin_the_index_anew(self):
        self.fill(1)
        index = int(self.agent.get("/api/v2/logs/since?per_page=500")[2]["x-log-index"])
        self.assertEqual(self.ask("DELETE /api/v2/logs")[0], 200)
        self.fill(1)
        self.assertGreater(
            int(self.agent.get("/api/v2/logs/since?per_page=500")[2]["x-log-index"]), index)


class First(RestCase):
    def test_the_very_first_entry_can_be_had(self):
        self.agent = self.enterContext(Agent()).start()
        everything = self.json("GET /api/v2/logs?per_page=500")
        self.assertEqual(self.json("GET /api/v2/logs/since?per_page=500")[:1], everything[:1])
        _, body, headers = self.agent.get("/api/v2/logs/since?since=0&per_page=2")
        self.assertEqual((json.loads(body), headers["x-log-index"]), (everything[:2], "2"))


class Status(LogCase):
    def test_errors_are_counted_and_the_last_one_is_told(self):
        for version in VERSIONS:
            self.expect(f"DELETE /api/{version}/logs", 200, JSON, {"count": 0})
            self.expect(f"GET /api/{version}/logs/status", 200, JSON,
                        {"errors": 0, "last_error": ""})
            for level in ("error", "warning", "critical", "info"):
                self.post({"level": level, "message": f"{level} {version}"}, version)
            wait_for("the entries", 5,
                     lambda: self.count("error,warning,critical") == 3)
            self.expect(f"GET /api/{version}/logs/status", 200, JSON,
                        {"errors": 2, "last_error": f"critical {version}"})
            self.expect("GET /log/status", 200, JSON,
                        {"status": {"count": 2, "error": f"critical {version}"}})

    def test_each_way_to_clear_takes_everything(self):
        for line, answer in (("DELETE /api/v1/logs", '{"count":0}'),
                             ("DELETE /api/v2/logs", '{"count":0}'),
                             ("DELETE /api/v1/logs/status", ""),
                             ("DELETE /api/v2/logs/status", ""),
                             ("POST /log/reset", '{"status" : "ok"}')):
            self.fill(2)
            self.expect(line, 200, JSON, answer)
            self.expect("GET /api/v2/logs", 200, JSON, [])
            self.expect("GET /api/v2/logs/status", 200, JSON, {"errors": 0, "last_error": ""})


class Legacy(LogCase):
    def test_messages_are_had_from_a_position_on(self):
        self.fill(3)
        found = self.json("GET /log/messages")
        example = {"log": {"data": Each({"file": str, "line": int, "type": LEVEL, "date": DATE,
                                         "message": str}), "pos": int}}
        self.assertIsNone(difference(example, found))
        self.assertEqual([e["message"] for e in found["log"]["data"]],
                         ["entry 0", "entry 1", "entry 2"])
        self.assertEqual(found["log"]["pos"], 3)
        self.assertEqual([e["message"] for e in
                          self.json("GET /log/messages?pos=2")["log"]["data"]], ["entry 2"])
        for rest, pos in (("pos=3", 3), ("pos=99", 99)):
            self.expect(f"GET /log/messages?{rest}", 200, JSON,
                        {"log": {"data": [], "pos": pos}})
        for rest in ("pos=x", "pos=", "pos=-1"):
            self.assertEqual(len(self.json(f"GET /log/messages?{rest}")["log"]["data"]), 3)

    def test_what_changes_is_no_get(self):
        for line in ("GET /log/reset", "DELETE /log/messages", "PUT /api/v2/logs",
                     "DELETE /api/v2/logs/since", "POST /api/v2/logs/status"):
            status, kind, body = self.ask(line)
            self.assertEqual((status, kind), (404, TEXT))
            self.assertTrue(re.search("Document not found", body), body)


if __name__ == "__main__":
    unittest.main()
