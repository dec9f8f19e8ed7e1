"""Queries and aliases of the REST API: what is listed, and every form that a result can have."""
import json
import unittest

from support.agent import Agent
from support.case import JSON, TEXT, VERSIONS, RestCase

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

    def test_performance_data_has_a_form_for_each_route(self):
        agent = self.enterContext(Agent(modules=("CheckSystem",))).start()
        query = "?warn=load+%3E+101&crit=load+%3E+102&time=5s"

        def get(path, **options):
            status, body, _ = agent.get(path + query, **options)
            self.assertEqual(status, 200, body)
            return body
        for version in VERSIONS:
            line = f"/api/{version}/queries/check_cpu/commands/execute"
            perf = json.loads(get(line))["lines"][0]["perf"]
            self.assertEqual(list(perf), ["total 5s"])
            self.assertIsInstance(perf["total 5s"].pop("value"), (int, float))
            self.assertEqual(perf, {"total 5s": {"warning": 101, "critical": 102, "unit": "%"}})
            nagios = r"'total 5s'=[0-9.]+%;101;102"
            self.assertRegex(json.loads(get(line + "_nagios"))["lines"][0]["perf"],
                             f"^{nagios}$")
            self.assertRegex(get(line, headers={"Accept": "text/plain"}), rf"^[^|]+\|{nagios}\n$")
        legacy = json.loads(get("/query/check_cpu"))["payload"][0]["lines"][0]["perf"]
        self.assertEqual(legacy[0].pop("float_value").keys(),
                         {"value", "warning", "critical", "unit"})
        self.assertEqual(legacy, [{"alias": "total 5s"}])


if __name__ == "__main__":
    unittest.main()
