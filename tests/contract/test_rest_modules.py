"""The modules of the REST API as curl would use them: status, exact content type and body."""
import re
import unittest

from support.agent import Agent
from support.case import JSON, TEXT, VERSIONS, RestCase

INI = """[/modules]
CheckSystem = disabled
"""
COMMANDS = ("load", "unload", "enable", "disable")


class Modules(RestCase):
    def setUp(self):
        self.agent = self.enterContext(Agent(ini=INI)).start()
        self.base = f"https://127.0.0.1:{self.agent.port}"

    def module(self, version, name="CheckSystem", **options):
        return self.json(f"GET /api/{version}/modules/{name}", **options)

    def names(self, version, query=""):
        return [module["name"] for module in self.json(f"GET /api/{version}/modules{query}")]

    def command(self, version, command, status=200, result=0, word="Success", name="CheckSystem"):
        message = f"{word} {command} {name}"
        line = f"GET /api/{version}/modules/{name}/commands/{command}"
        if version == "v1":
            self.expect(line, status, TEXT, message)
        else:
            self.expect(line, status, JSON if status == 200 else TEXT,
                        {"result": result, "message": message})

    def state(self, version, query=""):
        module = self.module(version)
        return module["loaded"], module["enabled"]

    def test_the_life_of_a_module(self):
        for version in VERSIONS:
            self.assertNotIn("CheckSystem", self.names(version))
            self.assertIn("CheckSystem", self.names(version, "?all=true"))
            self.assertEqual(self.state(version), (False, False))
            for command, state in (("load", (True, False)), ("load", (True, False)),
                                   ("enable", (True, True)), ("disable", (True, False)),
                                   ("unload", (False, False))):
                self.command(version, command)
                self.assertEqual(self.state(version), state, command)
            self.command(version, "unload", 500, 2, "Failed to")

    def test_a_module_is_described_in_full_whether_it_runs_or_not(self):
        for version in VERSIONS:
            for loaded in (False, True):
                if loaded:
                    self.command(version, "load")
                found = self.module(version)
                self.assertRegex(found["metadata"].pop("plugin_id"), r"^\d+$")
                urls = {f"{command}_url":
                        f"{self.base}/api/{version}/modules/CheckSystem/commands/{command}"
                        for command in COMMANDS}
                self.assertEqual(found, {
                    "name": "CheckSystem", "id": "CheckSystem", "loaded": loaded,
                    "enabled": False, "title": found["title"] if loaded else "",
                    "description": "Various system related checks, such as CPU load, process "
                                   "state and memory.",
                    "metadata": {"alias": ""}, **urls,
                    "module_url": f"{self.base}/api/v1/modules/CheckSystem/"})
                self.assertTrue(found["title"] or not loaded)
                self.assertEqual([m for m in self.json(f"GET /api/{version}/modules?all=true")
                                  if m["name"] == "CheckSystem"], [self.module(version)])
            self.command(version, "unload")

    def test_a_loaded_module_answers_and_an_unloaded_one_does_not(self):
        check = "GET /api/v2/queries/check_uptime/commands/execute"
        self.assertEqual(self.json(check)["lines"][0]["message"],
                         "Unknown command(s): check_uptime")
        self.command("v2", "load")
        self.assertIn("uptime", self.json(check)["lines"][0]["message"])
        self.command("v2", "unload")
        self.assertEqual(self.json(check)["result"], 3)

    def test_the_accept_header_chooses_the_form_of_a_command_on_v2(self):
        line = "GET /api/v2/modules/CheckSystem/commands/load"
        text = (200, TEXT, "Success load CheckSystem")
        for accept in ("*/*", "text/plain", "text/html,*/*"):
            self.assertEqual(self.ask(line, headers={"Accept": accept}), text, accept)
        for accept in (JSON, "text/html, application/json;q=0.9"):
            self.expect(line, 200, JSON, {"result": 0, "message": "Success load CheckSystem"},
                        headers={"Accept": accept})
        self.assertEqual(self.ask(line.replace("v2", "v1"), headers={"Accept": JSON}), text)

    def test_an_update_loads_and_unloads_whatever_the_content_type_says(self):
        curl = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "*/*"}
        for version in VERSIONS:
            for method in ("PUT", "POST"):
                for path, name in (("", '"name":"CheckSystem",'), ("/CheckSystem", "")):
                    line = f"{method} /api/{version}/modules{path}"
                    on, off = (f'{{{name}"loaded":{word},"enabled":7}}'
                               for word in ("true", "false"))
                    for body, answer in ((on, "Success load CheckSystem"), (on, "No change"),
                                         (off, "Success unload CheckSystem"),
                                         (off, "No change")):
                        self.expect(line, 200, TEXT, answer, body=body, headers=curl)
            self.assertEqual(self.state(version), (False, False))

    def test_an_update_on_v2_answers_in_json_by_default(self):
        for body, message in (('{"loaded":true}', "Success load CheckSystem"),
                              ('{"loaded":true}', "No change")):
            self.expect("PUT /api/v2/modules/CheckSystem", 200, JSON,
                        {"result": 0, "message": message}, body=body)

    def test_an_update_that_makes_no_sense_says_why(self):
        for version in VERSIONS:
            for path, body, status, word in (
                    ("/CheckSystem", "{", 400, "Problems parsing JSON"),
                    ("/CheckSystem", "", 400, "Problems parsing JSON"),
                    ("/CheckSystem", '{"loaded":true} x', 400, "Problems parsing JSON"),
                    ("/CheckSystem", "[]", 422, "object"), ("/CheckSystem", "7", 422, "object"),
                    ("/CheckSystem", "{}", 422, '"loaded"'),
                    ("/CheckSystem", '{"loaded":"true"}', 422, '"loaded"'),
                    ("/CheckSystem", '{"loaded":null}', 422, '"loaded"'),
                    ("/CheckSystem", '{"loaded":1}', 422, '"loaded"'),
                    ("", '{"loaded":true}', 422, '"name"'),
                    ("", '{"name":7,"loaded":true}', 422, '"name"'),
                    ("", '{"name":"CheckSystem"}', 422, '"loaded"'),
                    ("", '{"name":"../x","loaded":true}', 400, "Invalid module name"),
                    ("", '{"name":"NoSuch","loaded":true}', 404, "Module not found: NoSuch"),
                    ("/NoSuch", '{"loaded":true}', 404, "Module not found: NoSuch"),
                    ("/NoSuch", '{"loaded":false}', 404, "Module not found: NoSuch"),
                    ("/No%20Such", '{"loaded":true}', 400, "Invalid module name")):
                with self.subTest(f"{version} {path} {body}"):
                    found = self.ask(f"PUT /api/{version}/modules{path}", body=body)
                    self.assertEqual(found[:2], (status, TEXT), found)
                    self.assertIn(word, found[2])
        self.assertEqual(self.state("v2"), (False, False))

    def test_what_is_not_there_is_told_apart_from_what_failed(self):
        for version in VERSIONS:
            self.expect(f"GET /api/{version}/modules/NoSuch", 404, TEXT,
                        "Module not found: NoSuch")
            for name in ("No%20Such", "a" * 129, "x%2Fy"):
                self.expect(f"GET /api/{version}/modules/{name}", 400, TEXT,
                            "Invalid module name")
            for command in COMMANDS:
                self.command(version, command, 500, 2, "Failed to", name="NoSuch")
            self.expect(f"GET /api/{version}/modules/CheckSystem/commands/explode", 404, TEXT,
                        "unknown command: explode")

    def test_an_upload_that_is_no_package_is_refused_and_leaves_nothing_behind(self):
        for content_type in ("application/zip", "application/octet-stream"):
            for name in ("CheckSystem", "Uploaded"):
                status, kind, text = self.ask(f"POST /api/v2/modules/{name}", body=b"PK no zip",
                                              headers={"Content-Type": content_type})
                self.assertEqual((status, kind), (400, TEXT))
                self.assertIn("Failed to upload module: ", text)
        self.assertNotIn("Uploaded", self.names("v2", "?all=true"))
        self.command("v2", "load")

    def test_enabling_shows_at_once_and_is_written_by_save_alone(self):
        def written():
            with open(self.agent.ini, encoding="utf-8") as f:
                return re.findall(r"(?m)^CheckSystem *= *(\w+)$", f.read())
        self.command("v2", "enable")
        self.assertTrue(self.json("GET /api/v2/settings/status")["has_changed"])
        self.assertEqual(written(), ["disabled"])
        self.expect("POST /api/v2/settings/command", 200, JSON, {"status": "success"},
                    body='{"command":"save"}')
        self.assertEqual(written(), ["enabled"])


if __name__ == "__main__":
    unittest.main()
