"""Queries and aliases of the REST API (/api/{v}/queries, /api/{v}/aliases, /query/<name>): what is
listed and described, arguments, every form that a result and its performance data can have, and
what goes wrong around a check."""
import json
import unittest

from support.agent import Agent, fake_module, wait_for
from support.case import JSON, TEXT, VERSIONS, RestCase
from support.rest_routes import ARGUMENTS, EXECUTED, LEGACY, MESSAGE, PERF_TEXT

INI = """[/settings/check helpers/alias]
my_alias = check_warning "message=from the alias"
echo_alias = check_ok message=$ARG1$
"""


class Queries(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(ini=INI)).start()
        cls.base = f"https://127.0.0.1:{cls.agent.port}"

    KEYS = {"name", "plugin", "query_url", "title", "metadata", "description"}

    def test_the_list_has_the_queries_and_no_aliases(self):
        for version in VERSIONS:
            found = {q["name"]: q for q in self.json(f"GET /api/{version}/queries")}
            self.assertEqual(found["check_ok"], {
                "name": "check_ok", "plugin": "CheckHelpers", "title": "check_ok", "metadata": {},
                "query_url": f"{self.base}/api/{version}/queries/check_ok/",
                "description": "Just return OK (with the text of the option message)."})
            self.assertFalse({"my_alias", "checkok", "check_cpu"} & set(found))

    def test_the_aliases_are_the_users_own_and_the_alternative_names(self):
        for version in VERSIONS:
            for query in ("", "?all=false"):
                found = {a["name"]: a for a in
                         self.json(f"GET /api/{version}/aliases{query}")}
                self.assertEqual(found["my_alias"], {
                    "name": "my_alias", "plugin": "CheckHelpers", "title": "my_alias",
                    "query_url": f"{self.base}/api/{version}/queries/my_alias/", "metadata": {},
                    "description": "Alias for: check_warning"})
                self.assertEqual(found["checkok"]["description"],
                                 "Alternative name for: check_ok")
                self.assertEqual(found["checkok"]["title"], "CheckOK")
                self.assertNotIn("check_ok", found)
                for alias in found.values():
                    self.assertEqual(set(alias), self.KEYS)

    def test_a_single_query_links_to_its_two_ways_to_run(self):
        for version in VERSIONS:
            for name in ("check_ok", "CHECK_OK"):
                link = f"{self.base}/api/{version}/queries/{name}/commands/"
                self.expect(f"GET /api/{version}/queries/{name}", 200, JSON, {
                    "name": name, "plugin": "CheckHelpers", "title": "check_ok", "metadata": {},
                    "execute_url": link + "execute", "execute_nagios_url": link + "execute_nagios",
                    "description": "Just return OK (with the text of the option message)."})
            self.assertEqual(
                self.json(f"GET /api/{version}/queries/echo_alias")["description"],
                "Alias for: check_ok")
            self.expect(f"GET /api/{version}/queries/nothing", 404, TEXT,
                        "Query not found: nothing")
            self.expect(f"GET /api/{version}/queries/check_ok/commands/explode", 404, TEXT,
                        "unknown command: explode")

    def run_everywhere(self, name, result, state, text_status, message, query="", command=None):
        command = command or name
        for version in VERSIONS:
            line = f"GET /api/{version}/queries/{name}/commands/"
            self.expect(f"{line}execute{query}", 200, JSON, {
                "command": command, "result": result, "lines": [{"message": message, "perf": {}}]})
            self.expect(f"{line}execute_nagios{query}", 200, JSON, {
                "command": command, "result": state, "lines": [{"message": message, "perf": ""}]})
            for way in ("execute", "execute_nagios"):
                self.expect(f"{line}{way}{query}", text_status, TEXT, message + "\n",
                            headers={"Accept": "text/plain"})
            # anything but exactly text/plain means JSON
            self.json(f"{line}execute{query}", headers={"Accept": "text/plain, */*"})
        legacy = {"payload": [{"command": command, "result": state,
                               "lines": [{"message": message, "perf": []}]}]}
        for slash in ("", "/"):
            self.expect(f"GET /query/{name}{slash}{query}", 200, JSON, legacy)

    def test_the_four_states_in_every_form(self):
        for name, result, state, status in (("check_ok", 0, "OK", 200),
                                            ("check_warning", 1, "WARNING", 202),
                                            ("check_critical", 2, "CRITICAL", 500)):
            self.run_everywhere(name, result, state, status, "a b=c", "?message=a+b%3Dc")
        self.run_everywhere("check_unknown", 3, "UNKNOWN", 503,
                            "Unknown command(s): check_unknown")

    def test_names_are_found_in_any_case_and_answered_in_lower_case(self):
        self.run_everywhere("Check_OK", 0, "OK", 200, "x", "?message=x", command="check_ok")

    def test_an_alias_answers_with_the_name_of_what_it_runs(self):
        self.run_everywhere("my_alias", 1, "WARNING", 202, "from the alias",
                            command="check_warning")
        self.run_everywhere("echo_alias", 0, "OK", 200, "said", "?said", command="check_ok")

    def test_empty_parts_of_the_query_string_are_no_arguments(self):
        self.run_everywhere("check_ok", 0, "OK", 200, "x", "?&message=x&&")


class Fakes(RestCase):
    """Against a module whose answers are always the same."""
    @classmethod
    def setUpClass(cls):
        queries = ("mock_query", "fake_perf", "fake_lines", "fake_arguments", "fake_throw",
                   "fake_crash", "fake_bytes", "fake_sleep")
        cls.agent = cls.enterClassContext(Agent(
            modules=("Fake",), manifests={"Fake": fake_module(queries=queries)})).start()

    def both(self, name, way, **options):
        """The body of this way, which must be the same on both versions."""
        query = options.pop("query", "")
        found = [self.ask(f"GET /api/{version}/queries/{name}/commands/{way}{query}", **options)
                 for version in VERSIONS]
        self.assertEqual(found[0], found[1])
        return found[0]

    def json_of(self, name, way, query=""):
        status, kind, body = self.both(name, way, query=query)
        self.assertEqual((status, kind), (200, JSON))
        return json.loads(body)

    def text_of(self, name, status, query=""):
        for way in ("execute", "execute_nagios"):
            found = self.both(name, way, query=query, headers={"Accept": TEXT})
            self.assertEqual(found[:2], (status, TEXT), found)
        return found[2]


class Forms(Fakes):
    def test_the_example_of_the_documents(self):
        self.assertEqual(self.json_of("mock_query", "execute", ARGUMENTS), EXECUTED)
        self.assertEqual(self.json_of("mock_query", "execute_nagios", ARGUMENTS), {
            "command": "mock_query", "result": "OK",
            "lines": [{"message": MESSAGE, "perf": PERF_TEXT}]})
        self.assertEqual(self.text_of("mock_query", 200, ARGUMENTS), f"{MESSAGE}|{PERF_TEXT}\n")
        self.expect("GET /query/mock_query" + ARGUMENTS, 200, JSON, LEGACY)

    def test_every_kind_of_performance_data(self):
        self.assertEqual(self.json_of("fake_perf", "execute")["lines"][0]["perf"], {
            "plain": {"value": 1, "unit": ""},
            "long": {"value": 1.23456789, "unit": ""},
            "large": {"value": 123456789012, "unit": "B"},
            "negative": {"value": -0.5, "unit": "s"},
            "ranges": {"value": 5, "warning": "4:5", "critical": "@0:90", "unit": "%"},
            "zero": {"value": 0, "warning": 0, "critical": 0, "unit": ""},
            "only maximum": {"value": 1, "maximum": 2, "unit": ""},
            "words": {"value": "many"},
            "lost": {"value": "U", "unit": ""},
            "it's": {"value": 1, "unit": ""},
            "twice": {"value": 2, "unit": ""}})
        text = ("'plain'=1 'long'=1.23456 'large'=123456789012B 'negative'=-0.5s "
                "'ranges'=5%;4:5;@0:90 'zero'=0;0;0 'only maximum'=1;;;;2 'words'=many 'lost'=U "
                "'it's'=1 'twice'=1 'twice'=2")
        self.assertEqual(self.json_of("fake_perf", "execute_nagios")["lines"],
                         [{"message": "all kinds", "perf": text}])
        self.assertEqual(self.text_of("fake_perf", 200), f"all kinds|{text}\n")

    def test_the_older_form_lists_every_item(self):
        items = self.json("GET /query/fake_perf")["payload"][0]["lines"][0]["perf"]
        self.assertEqual(items[4], {"alias": "ranges", "float_value": {
            "value": 5, "warning": "4:5", "critical": "@0:90", "unit": "%"}})
        self.assertEqual(items[7], {"alias": "words", "string_value": {"value": "many"}})
        self.assertEqual([item["float_value"]["value"] for item in items[10:]], [1, 2])
        # the one client that dies of an item without a number
        items = self.json("GET /query/fake_perf", headers={
            "User-Agent": "Icinga/check_nscp_api/2.14.0"})["payload"][0]["lines"][0]["perf"]
        self.assertEqual(items[7], {"alias": "words", "string_value": {"value": "many"},
                                    "float_value": {"value": "many", "unit": ""}})

    def test_several_lines_stay_several(self):
        self.assertEqual(self.json_of("fake_lines", "execute"), {
            "command": "fake_lines", "result": 1, "lines": [
                {"message": "first", "perf": {"one": {"value": 1, "unit": ""}}},
                {"message": "second", "perf": {}},
                {"message": "third", "perf": {"three": {"value": 3, "unit": "s"}}}]})
        self.assertEqual([line["perf"] for line in
                          self.json_of("fake_lines", "execute_nagios")["lines"]],
                         ["'one'=1", "", "'three'=3s"])
        self.assertEqual(self.text_of("fake_lines", 202),
                         "first|'one'=1\nsecond\nthird|'three'=3s\n")

    def test_arguments_keep_their_order_and_lose_nothing(self):
        for query, arguments in (
                ("", ""), ("?a=1&b&c=&d=x+y&a=2", "<a=1><b><c><d=x y><a=2>"),
                ("?file=A&file=B", "<file=A><file=B>"), ("?&a=1&&b&", "<a=1><b>"),
                ("?e=%3D%26%2B&x%20y=1", "<e==&+><x y=1>"), ("?f=a=b", "<f=a=b>"),
                ("?p=100%&q=%zz", "<p=100%><q=%zz>"), ("?u=%C3%A4", "<u=\u00e4>"),
                ("?w=%E4", "<w=\ufffd>")):
            with self.subTest(query):
                self.assertEqual(self.json_of("fake_arguments", "execute", query)["lines"][0][
                    "message"], arguments)
                self.assertEqual(
                    self.json("GET /query/fake_arguments" + query)["payload"][0]["lines"][0][
                        "message"], arguments)

    def test_bytes_that_are_no_text_are_replaced(self):
        self.assertEqual(self.json_of("fake_bytes", "execute")["lines"][0]["message"],
                         "caf\ufffd \ufffd\ufffd")

    def test_only_text_plain_alone_means_text(self):
        for accept in ("text/plain, */*", "text/plain;q=1", "*/*", "text/*", "TEXT/PLAIN"):
            self.assertEqual(self.both("mock_query", "execute", headers={"Accept": accept})[1],
                             JSON, accept)


class Failures(Fakes):
    def result(self, name, message, query="", headers=()):
        """UNKNOWN in every form; `message` is a regular expression."""
        headers = dict(headers)
        for way, state in (("execute", 3), ("execute_nagios", "UNKNOWN")):
            status, kind, body = self.both(name, way, query=query, headers=headers)
            self.assertEqual((status, kind), (200, JSON))
            found = json.loads(body)
            self.assertEqual((found["command"], found["result"]), (name, state))
            self.assertRegex(found["lines"][0]["message"], f"^{message}$")
        found = self.both(name, "execute", query=query, headers={**headers, "Accept": TEXT})
        self.assertEqual(found[:2], (503, TEXT))
        payload = self.json(f"GET /query/{name}{query}", headers=headers)["payload"]
        self.assertEqual((payload[0]["command"], payload[0]["result"]), (name, "UNKNOWN"))
        self.assertEqual(len(payload), 1)

    def test_what_a_check_throws_is_its_message(self):
        self.result("fake_throw", "thrown in a check")

    def test_a_limit_of_the_client_is_kept_and_named(self):
        self.result("fake_sleep", r"Failed to execute command: fake_sleep \(.*0\.\d+ s.*\)",
                    "?ms=20000", {"X-Nsc-Web-Timeout": "0.40"})

    def test_a_dying_module_still_answers(self):
        def alive():
            return self.agent.check("mock_query")[0] == 0
        for line, state in (("execute", 3), ("execute_nagios", "UNKNOWN")):
            wait_for("the module", 20, alive)
            found = self.json(f"GET /api/v2/queries/fake_crash/commands/{line}")
            self.assertEqual((found["command"], found["result"]), ("fake_crash", state))
            self.assertRegex(found["lines"][0]["message"],
                             r"^Failed to execute command: fake_crash \(.*Fake.*\)$")
        wait_for("the module", 20, alive)


class Denied(RestCase):
    def test_what_the_policy_denies_is_unknown_and_says_so(self):
        self.agent = self.enterContext(Agent(
            ini="[/settings/permissions]\nenabled = true\n[/settings/permissions/policies]\n"
                "WEBServer:admin = CheckHelpers.check_warning\n")).start()
        message = "Permission denied: WEBServer:admin is not allowed to run check_ok"
        for version in VERSIONS:
            line = f"GET /api/{version}/queries/check_ok/commands/execute"
            self.expect(line, 200, JSON, {"command": "check_ok", "result": 3,
                                          "lines": [{"message": message, "perf": {}}]})
            self.expect(line, 503, TEXT, message + "\n", headers={"Accept": TEXT})
        self.assertEqual(self.agent.check("check_warning", "message=x"), (1, "x"))


if __name__ == "__main__":
    unittest.main()
