"""Metrics, events, tags and metadata over the REST API (/metrics, /api/v2/metrics, openmetrics,
/api/{v}/events, /api/v2/tags, /api/{v}/metadata). The names of the figures: test_metrics.py."""
import json
import re
import unittest

from support.agent import Agent, fake_module, wait_for
from support.case import HTML, JSON, TEXT, VERSIONS, RestCase
from support.match import difference
from support.rest_routes import DATE

FAKES = {"Fake": fake_module(queries=("fake_event", "fake_tag")),
         "Sender": fake_module("Sender", channels=["NSCA", "noop", "log"]),
         "Second": fake_module("Second", channels=["nsca", "Syslog"])}


class FakeCase(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(
            modules=("Fake", "Sender", "Second"), manifests=FAKES,
            ini="[/settings/core]\nmetrics interval = 1s\n")).start()
        cls.base = f"https://127.0.0.1:{cls.agent.port}"

    def run_fake(self, name, *arguments):
        self.assertEqual(self.agent.check(name, *arguments), (0, "done"))


class Events(FakeCase):
    def setUp(self):
        self.assertEqual(self.ask("DELETE /api/v2/events")[0], 200)

    def test_an_event_is_listed_until_it_is_taken(self):
        for version in VERSIONS:
            self.expect(f"GET /api/{version}/events", 200, JSON, [])
            self.run_fake("fake_event", "system.cpu:t1", "load=97%25")
            self.run_fake("fake_event", "system.process:p1", "exe=nscp")
            example = [
                {"index": int, "event": "system.cpu:t1", "date": DATE, "data": {"load": "97%"}},
                {"index": int, "event": "system.process:p1", "date": DATE,
                 "data": {"exe": "nscp"}}]
            listed = self.json(f"GET /api/{version}/events")
            self.assertIsNone(difference(example, listed))
            self.assertGreater(listed[1]["index"], listed[0]["index"])
            self.expect(f"GET /api/{version}/events", 200, JSON, listed)
            self.expect(f"DELETE /api/{version}/events", 200, JSON, listed)
            self.expect(f"DELETE /api/{version}/events", 200, JSON, [])

    def test_the_last_thousand_are_kept(self):
        connection = self.agent.connect()
        self.addCleanup(connection.close)
        for i in range(1003):
            self.agent.get(f"/query/fake_event?e{i}&k=v", connection=connection)
        found = self.json("GET /api/v2/events")
        self.assertEqual([e["event"] for e in found], [f"e{i}" for i in range(3, 1003)])


class Tags(FakeCase):
    def test_a_tag_is_shown_while_it_has_a_value(self):
        before = self.json("GET /api/v2/tags")
        self.run_fake("fake_tag", "drives=c:,d:")
        self.run_fake("fake_tag", "eventlog-service=enabled")
        self.expect("GET /api/v2/tags", 200, JSON, {
            **before, "drives": "c:,d:", "eventlog-service": "enabled"})
        self.run_fake("fake_tag", "drives=e:")
        self.run_fake("fake_tag", "eventlog-service")
        self.expect("GET /api/v2/tags", 200, JSON, {**before, "drives": "e:"})
        self.run_fake("fake_tag", "drives")
        self.expect("GET /api/v2/tags", 200, JSON, before)

    def test_tags_are_bounded(self):
        for pair, good in (("k" * 128 + "=v", True), ("k" * 129 + "=v", False),
                           ("long=" + "v" * 1024, True), ("long=" + "v" * 1025, False)):
            result, message = self.agent.check("fake_tag", pair)
            self.assertEqual(result == 0, good, message)
        for name in ("k" * 128, "long"):
            self.run_fake("fake_tag", name)
        there = len(self.json("GET /api/v2/tags"))
        connection = self.agent.connect()
        self.addCleanup(connection.close)
        for i in range(256 - there):
            self.assertIn('"OK"', self.agent.get(f"/query/fake_tag?t{i}=v",
                                                 connection=connection)[1])
        self.assertEqual(self.agent.check("fake_tag", "one-more=v")[0], 3)
        self.assertEqual(len(self.json("GET /api/v2/tags")), 256)
        for i in range(256 - there):
            self.agent.get(f"/query/fake_tag?t{i}", connection=connection)

    def test_there_is_no_list_of_version_1(self):
        self.expect("GET /api/v1/tags", 404, TEXT,
                    '[500] Document not found: invalid handler for "GET:/tags" in /api/v1')


class Metadata(FakeCase):
    def test_the_list_links_to_its_two_parts(self):
        for version in VERSIONS:
            url = f"{self.base}/api/{version}/metadata"
            self.expect(f"GET /api/{version}/metadata", 200, JSON, [
                {"name": "counters", "title": "Performance counters", "url": f"{url}/counters"},
                {"name": "channels", "title": "Registered submission channels",
                 "url": f"{url}/channels"}])
            self.expect(f"GET /api/{version}/metadata/nothing", 404, TEXT,
                        "[500] Document not found: invalid handler for "
                        f'"GET:/metadata/nothing" in /api/{version}')

    def test_channels_name_their_modules_and_the_built_in_ones_are_left_out(self):
        for version in VERSIONS:
            self.expect(f"GET /api/{version}/metadata/channels", 200, JSON, [
                {"name": "NSCA", "plugins": ["Sender", "Second"]},
                {"name": "Syslog", "plugins": ["Second"]}])

    def test_counters_without_the_module_that_knows_them(self):
        for version in VERSIONS:
            self.expect(f"GET /api/{version}/metadata/counters", 500, TEXT,
                        "No response from module, is the CheckSystem module loaded?")


class Counters(RestCase):
    def check_counters(self, way, status, kind, answer, ini=""):
        self.agent = self.enterContext(Agent(
            modules=("CheckSystem",), ini=ini,
            manifests={"CheckSystem": fake_module("CheckSystem", way)})).start()
        for version in VERSIONS:
            self.expect(f"GET /api/{version}/metadata/counters", status, kind, answer)

    def test_what_the_module_prints_is_passed_on(self):
        self.check_counters("counters", 200, JSON, '["\\\\System\\\\Processes"]')

    def test_a_system_that_has_none(self):
        self.check_counters("", 200, JSON, "[]")

    def test_what_is_no_json_is_not_passed_on(self):
        self.check_counters("garbage", 500, TEXT, "Invalid response from module")

    def test_a_failure_is_told(self):
        self.check_counters("failing", 500, TEXT, "Command returned errors: it hurts")

    def test_the_policy_of_the_agent_comes_first(self):
        self.check_counters(
            "counters", 500, TEXT, "Command returned errors: Permission denied: exec is globally "
            "disabled (/settings/permissions/allow exec = false)",
            "[/settings/permissions]\nenabled = true\nallow exec = false\n")


class Metrics(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(
            modules=("CheckSystem",), ini="[/settings/core]\nmetrics interval = 1s\n")).start()
        wait_for("the first collection", 10,
                 lambda: "system.uptime.uptime" in cls.agent.get("/api/v2/metrics")[1])

    def test_this_system_has_no_performance_counters(self):
        for version in VERSIONS:
            self.expect(f"GET /api/{version}/metadata/counters", 200, JSON, "[]")

    def test_the_list_is_flat_and_whole_numbers_are_whole(self):
        text = self.ask("GET /api/v2/metrics")[2]
        found = json.loads(text)
        for name, value in found.items():
            self.assertIsInstance(value, (int, float, str), name)
            self.assertNotIsInstance(value, bool, name)
        for start in ("system.cpu.", "system.mem.", "system.uptime."):
            self.assertTrue(any(name.startswith(start) for name in found), start)
        self.assertIsInstance(found["system.mem.physical.total"], int)
        self.assertIsInstance(found["system.uptime.uptime"], str)
        self.assertRegex(text, r'"system.mem.physical.total":\d+[,}]')
        self.assertEqual(list(found), sorted(found))

    def test_the_older_list_is_a_tree_of_the_same_figures(self):
        tree, flat = self.json("GET /metrics"), self.json("GET /api/v2/metrics")
        self.assertEqual(tree["system"]["mem"]["physical.total"],
                         flat["system.mem.physical.total"])
        status, kind, body = self.ask("GET /metrics", credentials=None,
                                      headers={"Accept": "text/html,application/xhtml+xml"})
        self.assertEqual((status, kind), (200, HTML))
        self.assertIn("<!DOCTYPE html>", body)

    def test_open_metrics_are_lines_without_texts_and_without_exponents(self):
        status, kind, text = self.ask("GET /api/v2/openmetrics")
        self.assertEqual((status, kind), (200, "text/plain; version=0.0.4; charset=utf-8"))
        for line in text.splitlines():
            self.assertRegex(line, r"^(# (HELP|TYPE) .*|[A-Za-z_:][A-Za-z0-9_:]*(\{.*\})? "
                                   r"-?[0-9.]+)$")
        for start in ("system_cpu_", "system_mem_"):
            self.assertTrue(re.search(rf"(?m)^{start}\S+ [\d.]+$", text), start)
        total = self.json("GET /api/v2/metrics")["system.mem.physical.total"]
        self.assertIn(f"system_mem_physical_total {total}\n", text)
        self.assertNotIn("system_uptime_uptime ", text)

    def test_there_is_no_list_of_version_1(self):
        for name in ("metrics", "openmetrics"):
            self.expect(f"GET /api/v1/{name}", 404, TEXT, "[500] Document not found: invalid "
                        f'handler for "GET:/{name}" in /api/v1')


if __name__ == "__main__":
    unittest.main()
